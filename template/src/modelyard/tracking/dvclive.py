"""Runs as files in `reports/live/`: `params.yaml`, `metrics.json` and `plots/`.

The folder holds the newest run only, and git ignores it. To compare runs use `dvc exp show`, which
reads `params.yaml` and `models/metrics.json` of each experiment.
"""

import shutil
from pathlib import Path
from typing import Any

from .tracker import set_defaults

FOLDER = Path("reports/live")
LOCAL = {"DO_NOT_TRACK": "1", "DVC_NO_ANALYTICS": "1", "DVC_STUDIO_OFFLINE": "true"}


def remedy() -> str:
    """Say what the reader can do where no run can begin."""
    return ""


class Run:
    """The files of an open run."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        """Replace the run before by a new one; what the project is called is not recorded here."""
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
        """Add to `metrics.json`."""
        for name, value in values.items():
            self.live.log_metric(name, value, plot=False)
        self.live.make_summary()

    def end(self, failed: bool) -> None:
        """Say in `metrics.json` how the run ended."""
        self.live.summary["status"] = "failed" if failed else "finished"
        self.live.end()
