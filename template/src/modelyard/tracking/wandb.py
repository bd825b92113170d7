"""Experiment tracking with Weights & Biases: in `wandb/`, or online with WANDB_MODE=online.

`uv run wandb leet ./wandb` shows the local runs, `uv run wandb sync` uploads them.
"""

import os
from pathlib import Path
from typing import Any

from .tracker import set_defaults

LOCAL = {"WANDB_MODE": "offline", "WANDB_ERROR_REPORTING": "false", "WANDB_SILENT": "true"}
START_TIMEOUT_S = 20
END_TIMEOUT_S = 60
REMEDY = "check WANDB_API_KEY and WANDB_BASE_URL, or unset WANDB_MODE to record in wandb/"


def remedy() -> str:
    """Return the remedy if a run cannot be started."""
    return "" if os.environ.get("WANDB_MODE", "") in ("", "offline") else REMEDY


class Run:
    """An open run."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        """Start a run in the project WANDB_PROJECT, by default `name`."""
        set_defaults(LOCAL | {"WANDB_CACHE_DIR": str(Path("wandb/cache").absolute())})
        import wandb

        settings = wandb.Settings(
            console="off", init_timeout=START_TIMEOUT_S, finish_timeout=END_TIMEOUT_S
        )
        project = os.environ.get("WANDB_PROJECT") or name
        self.run = wandb.init(
            project=project,
            dir=str(Path.cwd()),
            mode=os.environ["WANDB_MODE"],  # type: ignore[arg-type]
            config=params,
            settings=settings,
        )
        self.run.define_metric("rounds", hidden=True)
        self.run.define_metric("trial_*", step_metric="rounds")

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Log a point of the curve `trial_N/loss` over the rounds."""
        self.run.log({f"trial_{trial}/loss": loss, "rounds": rounds})

    def metrics(self, values: dict[str, float]) -> None:
        """Add the metrics to the run's summary."""
        self.run.summary.update(values)

    def end(self, failed: bool) -> None:
        """End the run with exit code 0, or 1 if it failed."""
        self.run.finish(exit_code=int(failed))
