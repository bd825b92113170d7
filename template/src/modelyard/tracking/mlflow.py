"""Experiment tracking with MLflow: in `mlflow.db` and `mlruns/`, or on MLFLOW_TRACKING_URI.

`uv run mlflow ui --backend-store-uri sqlite:///mlflow.db` shows the local runs.
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
# The default timeout would delay a training by a quarter of an hour if the server is down.
TIMEOUT = {"MLFLOW_HTTP_REQUEST_TIMEOUT": "10", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"}
REMEDY = "start the server, or unset MLFLOW_TRACKING_URI to record in mlflow.db"


def remedy() -> str:
    """Return the remedy if a run cannot be started."""
    return REMEDY if server() else ""


def server() -> str:
    """Return the address of the server; empty if none is set."""
    return os.environ.get("MLFLOW_TRACKING_URI", "")


def open_client() -> "MlflowClient":
    """Return a client of the server, or of the store in the working folder."""
    set_defaults(LOCAL | TIMEOUT)
    from mlflow import MlflowClient

    return MlflowClient(server() or f"sqlite:///{Path('mlflow.db').absolute().as_posix()}")


class Run:
    """An open run.

    Attributes:
        id: MLflow's id of the run.
    """

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        """Start a run in the experiment MLFLOW_EXPERIMENT_NAME, by default `name`."""
        self.client = open_client()
        experiment = os.environ.get("MLFLOW_EXPERIMENT_NAME") or name
        self.id: str = self.client.create_run(experiment_id(self.client, experiment)).info.run_id
        for name, value in flatten(params).items():
            self.client.log_param(self.id, name, value)

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Log a step of the metric `trial_N/loss`, with the rounds as its step."""
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
    """Return the id of an experiment; create it if it does not exist."""
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id if found else client.create_experiment(name))


def flatten(params: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return each nested setting by its path, such as `train.seed`; lists are not split."""
    flat: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, Mapping) and value:
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat
