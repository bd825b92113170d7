"""Checks of `dvc.yaml`, and of what the whole pipeline has made in a small folder."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..console import UserError
from ..files import read_json
from ..params import read_params
from ..project import Project
from ..serving.predictor import Predictor, to_rows
from .assertions import listed, require

TEST_ROWS = "data/processed/test.parquet"
NEEDED = {
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
    """List the paths that a stage makes."""
    listed_outs = [*stage.get("outs", []), *stage.get("metrics", [])]
    return [path for out in listed_outs for path in ([out] if isinstance(out, str) else out)]


def check_params(path: Path = Path("params.yaml")) -> None:
    """Check that every setting is known and within its range.

    Raises:
        AssertionError: one is not.
    """
    try:
        read_params(path)
    except UserError as mistake:
        raise AssertionError(str(mistake)) from None


def check_test_rows(stages: Stages) -> None:
    """Check that only the gate depends on the test rows.

    Raises:
        AssertionError: another stage does too, or the gate does not.
    """
    found = [name for name, stage in stages.items() if TEST_ROWS in stage.get("deps", [])]
    require(found == ["gate"], f"dvc.yaml: {TEST_ROWS} is read by {found}, allowed is gate alone")


def check_deps(stages: Stages, project: Project) -> None:
    """Check that a stage runs again when a file of yours that it uses has changed.

    Raises:
        AssertionError: a stage does not depend on one.
    """
    for name, files in NEEDED.items():
        deps = {Path(dep) for dep in stages.get(name, {}).get("deps", [])}
        for file in (Path("src", project.package, one) for one in files):
            known = name not in stages or {file, *file.parents} & deps
            require(known, f"dvc.yaml: the stage {name} must depend on {file.as_posix()}")


def check_sources(stages: Stages) -> None:
    """Check that what a stage depends on is there, or made by a stage.

    Raises:
        AssertionError: it is not.
    """
    made = {path for stage in stages.values() for path in outs(stage)}
    needed = {path for stage in stages.values() for path in stage.get("deps", [])}
    absent = sorted(path for path in needed - made if not Path(path).exists())
    require(not absent, f"dvc.yaml: {listed(absent)} is neither there nor made by a stage")


def check_outs(stages: Stages, folder: Path) -> None:
    """Check that every stage has made, in a small folder, what `dvc.yaml` says of it.

    Raises:
        AssertionError: a file is not there.
    """
    for name, stage in stages.items():
        absent = [path for path in outs(stage) if not (folder / path).exists()]
        require(not absent, f"dvc.yaml: the stage {name} has not made {listed(absent)}")


def check_metrics(folder: Path) -> None:
    """Check that the small pipeline's metrics are finite numbers of both models on both sets.

    Raises:
        AssertionError: one is not, or the candidate was refused.
    """
    metrics = read_json(folder / "models" / "metrics.json", "run: dvc repro")
    require(metrics["accepted"] is True, "the candidate of the small pipeline is refused")
    for rows in ("test", "validation"):
        for model in ("candidate", "baseline"):
            values = metrics[rows][model]
            bad = {name: value for name, value in values.items() if not math.isfinite(value)}
            require(values and not bad, f"models/estimator.py: {model}, {rows} rows: {bad or None}")


def check_result(folder: Path, project: Project) -> None:
    """Check that the small pipeline ends with a model that is served.

    Raises:
        AssertionError: it does not predict, or is of another schema.
    """
    predictor = Predictor(folder / "models", project.schema, project.build)
    found = predictor.predict(to_rows(predictor.examples(3), project.schema)).records()
    require(
        len(found) == 3 and all("prediction" in one for one in found),
        f"models/model.onnx answers 3 rows by {found}",
    )
