"""The ledger of retraining runs, in git: a line for each run that was judged."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ..files import read_lines, write_lines
from .inputs import read_inputs, rows_known
from .reasons import Reason
from .reproduce import Ended

RUNS = Path("runs/runs.jsonl")
Run = dict[str, Any]
"""`run`: its number. `when`: UTC. `as_of`: rows before it were known. `reasons`: list of `kind`,
`key`, `why`. `outcome`: accepted, refused, or unchanged if it is the model of a run before. `why`:
the gate's sentence. `model`: the candidate. `data`, `code`: hashes of what it was made from;
`serving`: of all other code. `commit`: of the accepted model. `registered`: its version in the
registry. `seconds`: how long it took."""


def read_runs(path: Path = RUNS) -> list[Run]:
    """Read all runs, oldest first; none in a fresh project.

    Raises:
        UserError: a line is no JSON.
    """
    return read_lines(path)


def answered(runs: list[Run]) -> set[str]:
    """Give the keys of all reasons that a run has answered."""
    return {reason["key"] for run in runs for reason in run["reasons"]}


def last_day(runs: list[Run]) -> date | None:
    """Give the day of the newest run; None if there was none."""
    return max((date.fromisoformat(run["as_of"]) for run in runs), default=None)


def last(runs: list[Run], name: str) -> str | None:
    """Give what the newest run says under a name; None if there was none."""
    return runs[-1].get(name) if runs else None


def registered(runs: list[Run], model: str) -> str | None:
    """Give the version as which a run has registered a model; None if none did."""
    known = [run["registered"] for run in runs if run["model"] == model and "registered" in run]
    return known[-1] if known else None


def describe(due: list[Reason], day: date, ended: Ended, seconds: float) -> Run:
    """Say what the ledger shall say of a run.

    Args:
        due: the reasons that it answers.
        day: rows before it were known.
        ended: how the pipeline ended.
        seconds: how long it took.
    """
    read = read_inputs()
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": day.isoformat(),
        "reasons": [{"kind": one.kind, "key": one.key, "why": one.why} for one in due],
        "data": read.data.key(rows_known()),
        "code": read.code.key(),
        "serving": read.serving(),
        "model": ended.model,
        "outcome": "accepted" if ended.accepted else "refused",
        "why": ended.why,
        "seconds": round(seconds),
    }


def add(run: Run, path: Path = RUNS) -> Run:
    """Write a run into the ledger, and give it with its number."""
    runs = read_runs(path)
    numbered = {"run": len(runs) + 1} | run
    write_lines(path, [*runs, numbered])
    return numbered
