"""Read a run back from MLflow."""

from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient


def read_run(folder: Path) -> dict[str, Any]:
    """Read the newest run of a project's folder."""
    client = MlflowClient(f"sqlite:///{(folder / 'mlflow.db').as_posix()}")
    experiments = [found.experiment_id for found in client.search_experiments()]
    run = client.search_runs(experiments, order_by=["attributes.start_time DESC"])[0]
    curves = [name for name in run.data.metrics if name.startswith("trial_")]
    return {
        "params": run.data.params,
        "losses": {
            name.removesuffix("/loss"): read_curve(client, run.info.run_id, name) for name in curves
        },
        "metrics": {
            name: run.data.metrics[name] for name in run.data.metrics if name not in curves
        },
        "failed": run.info.status == "FAILED",
    }


def read_curve(client: MlflowClient, run: str, name: str) -> list[tuple[int, float]]:
    """Read the steps and values of a metric."""
    return [(point.step, point.value) for point in client.get_metric_history(run, name)]


def break_tracker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure a server that is not running."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://someone:secret@127.0.0.1:1")
