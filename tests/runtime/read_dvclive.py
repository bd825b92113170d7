"""Read a run back from DVCLive."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from modelyard.tracking.mlflow import flatten


def read_run(folder: Path) -> dict[str, Any]:
    """Read the newest run of a project's folder."""
    live = folder / "reports/live"
    kept = json.loads((live / "metrics.json").read_text("utf-8"))
    settings = yaml.safe_load((live / "params.yaml").read_text("utf-8"))
    return {
        "params": {name: str(value) for name, value in flatten(settings).items()},
        "losses": {path.parent.name: read_curve(path) for path in live.rglob("loss.tsv")},
        "metrics": {name: value for name, value in kept.items() if isinstance(value, float)},
        "failed": kept["status"] == "failed",
    }


def read_curve(path: Path) -> list[tuple[int, float]]:
    """Read the steps and values of a metric."""
    with path.open(encoding="utf-8", newline="") as lines:
        points = csv.DictReader(lines, delimiter="\t")
        return [(int(point["step"]), float(point["loss"])) for point in points]


def break_tracker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a file where the tracker needs a folder."""
    (folder / "reports").write_text("in the way", "utf-8")
