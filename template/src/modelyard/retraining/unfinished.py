"""What a run was about to do, so that the next one can clear up after one that was killed."""

from datetime import date
from pathlib import Path

from ..files import read_json, write_json
from .runs import Run

NOTE = Path(".cache/retrain/unfinished.json")


def begin(before: date) -> None:
    """Note that a run begins; `before` is the day to go back to."""
    write_json(NOTE, {"before": before.isoformat()})


def made(run: Run) -> None:
    """Note that the model is committed: all that is left is to register it and to say so."""
    write_json(NOTE, {"run": run})


def found() -> tuple[date | None, Run | None]:
    """Give the day to go back to, or the run that is to be finished; neither, if all is well."""
    if not NOTE.exists():
        return None, None
    told = read_json(NOTE, "delete it, and look at git status")
    return (date.fromisoformat(told["before"]) if "before" in told else None), told.get("run")


def end() -> None:
    """Note that the run is over."""
    NOTE.unlink(missing_ok=True)
