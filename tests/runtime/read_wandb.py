"""Read a run back from W&B in offline mode."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from modelyard.tracking.mlflow import flatten


def read_run(folder: Path) -> dict[str, Any]:
    """Read the newest run of a project's folder, from the list that W&B's own command prints."""
    runs = (folder / "wandb").glob("offline-run-*/")
    newest = max(runs, key=lambda path: path.stat().st_mtime_ns)
    command = [sys.executable, "-m", "wandb", "leet", "inspect", "--json", str(newest)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    records = [json.loads(line) for line in printed.splitlines()]
    settings = next(record["run"] for record in records if record["type"] == "run")
    points = [record["history"]["item"] for record in records if record["type"] == "history"]
    ends = [record["exit"] for record in records if record["type"] == "exit"]
    return {
        "params": {
            name: str(value) for name, value in flatten(settings["config"]["update"]).items()
        },
        "losses": read_curves(points),
        "metrics": read_metrics(records),
        "failed": ends[0].get("exit_code", 0) != 0,
    }


def read_curves(points: list[dict[str, Any]]) -> dict[str, list[tuple[int, float]]]:
    """Read the rounds and losses of each trial."""
    curves: dict[str, list[tuple[int, float]]] = {}
    for point in points:
        for name in point:
            if name.endswith("/loss"):
                curve = curves.setdefault(name.removesuffix("/loss"), [])
                curve.append((point["rounds"], point[name]))
    return curves


def read_metrics(records: list[dict[str, Any]]) -> dict[str, float]:
    """Read the metrics of the summary, without progress and W&B's own fields."""
    kept: dict[str, float] = {}
    for record in records:
        if record["type"] == "summary":
            kept |= record["summary"]["update"]
    own = ("_", "trial_", "rounds")
    return {name: value for name, value in kept.items() if not name.startswith(own)}


def break_tracker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure a service without a key."""
    monkeypatch.setenv("WANDB_MODE", "online")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(folder))
    for key in ("WANDB_API_KEY", "NETRC"):
        monkeypatch.delenv(key, raising=False)
