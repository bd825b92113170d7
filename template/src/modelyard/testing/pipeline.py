"""Checks of `dvc.yaml`, and of what the whole pipeline has made in a small folder."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..files import read_json
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


def check_test_rows(stages: Stages) -> None:
    """Check that only the gate depends on the test rows."""
    found = [name for name, stage in stages.items() if TEST_ROWS in stage.get("deps", [])]
    require(found == ["gate"], f"dvc.yaml: {TEST_ROWS} is read by {found}, allowed is gate alone")


def check_deps(stages: Stages, project: Project) -> None:
    """Check that a stage runs again when a file of yours that it uses has changed."""
    for name, files in NEEDED.items():
        deps = {Path(dep) for dep in stages.get(name, {}).get("deps", [])}
        for file in (Path("src", project.package, one) for one in files):
            known = name not in stages or {file, *file.parents} & deps
            require(known, f"dvc.yaml: the stage {name} must depend on {file.as_posix()}")


def check_outs(stages: Stages, folder: Path) -> None:
    """Check that every stage has made, in a small folder, what `dvc.yaml` says of it."""
    for name, stage in stages.items():
        absent = [path for path in outs(stage) if not (folder / path).exists()]
        require(not absent, f"dvc.yaml: the stage {name} has not made {listed(absent)}")


def check_metrics(folder: Path) -> None:
    """Check that the small pipeline's metrics are finite numbers of both models on both sets."""
    metrics = read_json(folder / "models" / "metrics.json", "run: dvc repro")
    require(metrics["accepted"] is True, "the candidate of the small pipeline is refused")
    for rows in ("test", "validation"):
        for model in ("candidate", "baseline"):
            values = metrics[rows][model]
            bad = {name: value for name, value in values.items() if not math.isfinite(value)}
            require(values and not bad, f"models/estimator.py: {model}, {rows} rows: {bad or None}")


def check_result(folder: Path, project: Project) -> None:
    """Check that the small pipeline ends with a model that is served."""
    predictor = Predictor(folder / "models", project.schema, project.build)
    found = predictor.predict(to_rows(predictor.examples(3), project.schema)).records()
    require(
        len(found) == 3 and all("prediction" in one for one in found),
        f"models/model.onnx answers 3 rows by {found}",
    )
