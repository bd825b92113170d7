"""Experiment tracking with DVCLive: `params.yaml`, `metrics.json`, `plots/` in `reports/live/`.

The folder holds the newest run only and is ignored by git. To compare runs use `dvc exp show`,
which reads `params.yaml` and `models/metrics.json` of each experiment.
"""

import shutil
from pathlib import Path
from typing import Any

from .tracker import set_defaults

FOLDER = Path("reports/live")
LOCAL = {"DO_NOT_TRACK": "1", "DVC_NO_ANALYTICS": "1", "DVC_STUDIO_OFFLINE": "true"}


def remedy() -> str:
    """Return the remedy if a run cannot be started."""
    return ""


class Run:
    """An open run."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        """Replace the previous run by a new one; `name` is not recorded."""
        set_defaults(LOCAL)
        from dvclive import Live

        shutil.rmtree(FOLDER, ignore_errors=True)
        self.live = Live(str(FOLDER), dvcyaml=None, save_dvc_exp=False, monitor_system=False)
        self.live.log_params(params)

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Add a line to `plots/metrics/trial_N/loss.tsv`, with the rounds as its step."""
        self.live.step = rounds
        self.live.log_metric(f"trial_{trial}/loss", loss)
        self.live.make_summary()

    def metrics(self, values: dict[str, float]) -> None:
        """Add final metrics to `metrics.json`."""
        for name, value in values.items():
            self.live.log_metric(name, value, plot=False)
        self.live.make_summary()

    def end(self, failed: bool) -> None:
        """Write the run's status into `metrics.json`."""
        self.live.summary["status"] = "failed" if failed else "finished"
        self.live.end()
