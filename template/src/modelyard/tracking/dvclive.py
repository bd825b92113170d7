"""Runs as files in `reports/live/`: `params.yaml`, `metrics.json`, `plots/`, `artifacts/`.

The folder holds the newest run only, and git ignores it. To compare runs use `dvc exp show`, which
reads `params.yaml` and `models/metrics.json` of each experiment.
"""

import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from .tracker import Tracker, flatten, recording, set_defaults

FOLDER = Path("reports/live")
LOCAL = {"DO_NOT_TRACK": "1", "DVC_NO_ANALYTICS": "1", "DVC_STUDIO_OFFLINE": "true"}


def start_run(name: str, params: dict[str, Any]) -> AbstractContextManager[Tracker]:
    """Record a run, its settings first, as long as the block lasts.

    Args:
        name: what the project is called; not recorded here.
        params: the settings, nested as in `params.yaml`.

    Raises:
        UserError: the folder cannot be written.
    """
    return recording("dvclive", lambda: Files(params))


class Files:
    """The files of an open run."""

    def __init__(self, params: dict[str, Any]) -> None:
        """Replace the run before by a new one."""
        set_defaults(LOCAL)
        from dvclive import Live

        shutil.rmtree(FOLDER, ignore_errors=True)
        self.live = Live(str(FOLDER), dvcyaml=None, save_dvc_exp=False, monitor_system=False)
        self.live.log_params(flatten(params))

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

    def artifact(self, path: Path) -> None:
        """Copy a file into `artifacts/`."""
        kept = FOLDER / "artifacts" / path.name
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, kept)

    def end(self, failed: bool) -> None:
        """Say in `metrics.json` how the run ended."""
        self.live.summary["status"] = "failed" if failed else "finished"
        self.live.end()
