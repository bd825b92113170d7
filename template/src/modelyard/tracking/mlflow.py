"""Runs in MLflow: in `mlflow.db` and `mlruns/`, or on the server that MLFLOW_TRACKING_URI names.

`uv run mlflow ui --backend-store-uri sqlite:///mlflow.db` shows those of the folder.
"""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .tracker import set_defaults

if TYPE_CHECKING:
    from mlflow import MlflowClient

LOCAL = {
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
}
# A server that is down shall not hold up a training for the quarter of an hour that is the default.
PATIENCE = {"MLFLOW_HTTP_REQUEST_TIMEOUT": "10", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"}
REMEDY = "start the server, or unset MLFLOW_TRACKING_URI to record in mlflow.db"


def remedy() -> str:
    """Say what the reader can do where no run can begin."""
    return REMEDY if server() else ""


def server() -> str:
    """Name the server; empty if there is none."""
    return os.environ.get("MLFLOW_TRACKING_URI", "")


def open_client() -> "MlflowClient":
    """Open the server's store, or that of the folder in which this runs."""
    set_defaults(LOCAL | PATIENCE)
    from mlflow import MlflowClient

    return MlflowClient(server() or f"sqlite:///{Path('mlflow.db').absolute().as_posix()}")


class Run:
    """An open run.

    Attributes:
        id: how MLflow calls the run.
    """

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        """Open the run in the experiment MLFLOW_EXPERIMENT_NAME, or that of the project's name."""
        self.client = open_client()
        experiment = os.environ.get("MLFLOW_EXPERIMENT_NAME") or name
        self.id: str = self.client.create_run(experiment_id(self.client, experiment)).info.run_id
        for name, value in flatten(params).items():
            self.client.log_param(self.id, name, value)

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Add a point to the metric `trial_N/loss`, with the rounds as its step."""
        self.client.log_metric(self.id, f"trial_{trial}/loss", loss, step=rounds)

    def metrics(self, values: dict[str, float]) -> None:
        """Log all metrics in one request."""
        from mlflow.entities import Metric

        now_ms = int(time.time() * 1000)
        listed = [Metric(name, value, now_ms, 0) for name, value in values.items()]
        self.client.log_batch(self.id, metrics=listed)

    def end(self, failed: bool) -> None:
        """Set the run's status."""
        self.client.set_terminated(self.id, "FAILED" if failed else "FINISHED")


def experiment_id(client: "MlflowClient", name: str) -> str:
    """Find an experiment by its name, or make it."""
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id if found else client.create_experiment(name))


def flatten(params: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Name each setting by its path, such as `train.seed`; lists stay whole."""
    flat: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, Mapping) and value:
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat
