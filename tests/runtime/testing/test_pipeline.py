import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from modelyard.project import Project
from modelyard.testing import pipeline
from modelyard.testing.small import RESULTS, check_reproducible

Spoil = Callable[[dict[str, Any]], Any]


@pytest.fixture
def stages() -> dict[str, Any]:
    return pipeline.read_stages()


def test_the_examples_pipeline_passes(
    stages: dict[str, Any], project: Project, small: Path, made: Path
) -> None:
    pipeline.check_test_rows(stages)
    pipeline.check_deps(stages, project)
    pipeline.check_outs(stages, small)
    pipeline.check_metrics(small)
    pipeline.check_result(small, project)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda s: s["evaluate"]["deps"].append(pipeline.TEST_ROWS), r"\['evaluate', 'gate'\]"),
        (lambda s: s["gate"]["deps"].remove(pipeline.TEST_ROWS), r"\[\]"),
    ],
)
def test_test_rows_that_are_read_elsewhere_are_named(
    spoil: Spoil, found: str, stages: dict[str, Any]
) -> None:
    spoil(stages)
    with pytest.raises(AssertionError, match=rf"is read by {found}, allowed is only gate$"):
        pipeline.check_test_rows(stages)


@pytest.mark.parametrize(
    ("stage", "file"),
    [("ingest", "data/ingest.py"), ("features", "features"), ("train", "models")],
)
def test_a_stage_that_does_not_depend_on_its_code_is_named(
    stage: str, file: str, stages: dict[str, Any], project: Project
) -> None:
    stages[stage]["deps"].remove(f"src/{project.package}/{file}")
    message = rf"^dvc\.yaml: the stage {stage} must depend on src/{project.package}/{file}"
    with pytest.raises(AssertionError, match=message):
        pipeline.check_deps(stages, project)


def test_a_stage_that_was_replaced_by_others_is_not_judged(
    stages: dict[str, Any], project: Project
) -> None:
    del stages["features"]
    pipeline.check_deps(stages, project)


def test_a_missing_output_is_named(stages: dict[str, Any], small: Path) -> None:
    stages["train"]["outs"].append("models/notes.txt")
    with pytest.raises(AssertionError, match=r"the stage train has not written models/notes\.txt$"):
        pipeline.check_outs(stages, small)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"accepted": False}, r"^the candidate of the small pipeline is refused$"),
        ({"test": {"candidate": {}, "baseline": {}}}, r"candidate, test rows: None$"),
        (
            {"validation": {"candidate": {"r2": float("nan")}, "baseline": {"r2": 1.0}}},
            r"candidate, validation rows: \{'r2': nan\}$",
        ),
    ],
)
def test_metrics_that_cannot_be_are_named(
    change: dict[str, Any], message: str, small: Path, tmp_path: Path
) -> None:
    metrics = json.loads((small / "models" / "metrics.json").read_text("utf-8")) | change
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "metrics.json").write_text(json.dumps(metrics), "utf-8")
    with pytest.raises(AssertionError, match=message):
        pipeline.check_metrics(tmp_path)


def test_a_second_training_gives_the_same_bytes(
    project: Project, small: Path, tmp_path: Path
) -> None:
    for name in ("same", "spoilt", "other"):
        (tmp_path / name).mkdir()
    check_reproducible(project, small, tmp_path / "same")
    first = Path(shutil.copytree(small, tmp_path / "spoilt", dirs_exist_ok=True))
    (first / "models" / RESULTS[1]).write_bytes(b"another model")
    message = r"^models/estimator\.py: a second .* gives other bytes in \['baseline\.onnx'\] \("
    with pytest.raises(AssertionError, match=message):
        check_reproducible(project, first, tmp_path / "other")


def test_a_second_training_that_fails_says_why(
    project: Project, small: Path, tmp_path: Path
) -> None:
    for name in ("spoilt", "other"):
        (tmp_path / name).mkdir()
    first = Path(shutil.copytree(small, tmp_path / "spoilt", dirs_exist_ok=True))
    (first / "features" / "train.parquet").write_bytes(b"no table")
    with pytest.raises(AssertionError, match=r"cannot be trained again: [^$]*not valid parquet"):
        check_reproducible(project, first, tmp_path / "other")
