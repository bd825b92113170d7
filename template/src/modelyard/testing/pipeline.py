"""Checks of `dvc.yaml`, and of the outputs of a small pipeline run."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..console import listed
from ..files import read_json
from ..project import Project
from ..serving.predictor import Predictor, to_rows

TEST_ROWS = "data/processed/test.parquet"
REQUIRED_DEPS = {
    "ingest": ("data/ingest.py",),
    "prepare": ("schema.py",),
    "features": ("schema.py", "features/build.py"),
    "train": ("models/estimator.py",),
    "export": ("models/estimator.py",),
    "evaluate": ("schema.py", "features/build.py"),
    "gate": ("schema.py", "features/build.py"),
}
Stages = Mapping[str, Any]


def read_stages(path: Path = Path("dvc.yaml")) -> dict[str, Any]:
    """Read the stages of the pipeline."""
    return dict(yaml.safe_load(path.read_text("utf-8"))["stages"])


def outs(stage: Mapping[str, Any]) -> list[str]:
    """List the output paths of a stage."""
    listed_outs = [*stage.get("outs", []), *stage.get("metrics", [])]
    return [path for out in listed_outs for path in ([out] if isinstance(out, str) else out)]


def check_test_rows(stages: Stages) -> None:
    """Check that only the gate depends on the test set."""
    found = [name for name, stage in stages.items() if TEST_ROWS in stage.get("deps", [])]
    assert found == ["gate"], f"dvc.yaml: {TEST_ROWS} is read by {found}, allowed is only gate"


def check_deps(stages: Stages, project: Project) -> None:
    """Check that the stages depend on the project's files that they use."""
    for name, files in REQUIRED_DEPS.items():
        deps = {Path(dep) for dep in stages.get(name, {}).get("deps", [])}
        for file in (Path("src", project.package, one) for one in files):
            known = name not in stages or {file, *file.parents} & deps
            assert known, f"dvc.yaml: the stage {name} must depend on {file.as_posix()}"


def check_outs(stages: Stages, folder: Path) -> None:
    """Check that every stage of the small run has written the outputs of `dvc.yaml`."""
    for name, stage in stages.items():
        missing = [path for path in outs(stage) if not (folder / path).exists()]
        assert not missing, f"dvc.yaml: the stage {name} has not written {listed(missing)}"


def check_metrics(folder: Path) -> None:
    """Check that the metrics of the small run are finite, for both models on both sets."""
    metrics = read_json(folder / "models" / "metrics.json", "run: dvc repro")
    assert metrics["accepted"] is True, "the candidate of the small pipeline is refused"
    for rows in ("test", "validation"):
        for model in ("candidate", "baseline"):
            values = metrics[rows][model]
            bad = {name: value for name, value in values.items() if not math.isfinite(value)}
            finite = values and not bad
            assert finite, f"models/estimator.py: {model}, {rows} rows: {bad or None}"


def check_result(folder: Path, project: Project) -> None:
    """Check that the small run ends with a model that can be served."""
    predictor = Predictor(folder / "models", project.schema, project.build)
    found = predictor.predict(to_rows(predictor.examples(3), project.schema)).records()
    assert ["prediction" in one for one in found] == [True] * 3, (
        f"models/model.onnx predicts 3 rows as {found}"
    )
