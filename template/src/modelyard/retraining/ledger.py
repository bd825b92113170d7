"""Ledger of retraining runs, kept in git: one JSON line for each completed run."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ..files import read_lines, write_lines
from .inputs import hash_snapshot, read_inputs
from .reasons import Reason
from .reproduce import PipelineResult

RUNS = Path("runs/runs.jsonl")
Run = dict[str, Any]
"""`run`: number. `when`: UTC time. `as_of`: day before which all rows were known. `reasons`: list
of `kind`, `key`, `why`. `outcome`: accepted, refused, or unchanged if an earlier run made the same
model. `why`: the gate's verdict. `model`: version of the candidate. `data`, `code`: hashes of its
inputs. `serving`: hash of all other code. `commit`: commit of an accepted model. `registered`: its
version in the registry. `seconds`: duration."""


def read_runs(path: Path = RUNS) -> list[Run]:
    """Return all runs, the oldest first; empty if there is no ledger."""
    return read_lines(path)


def handled_keys(runs: list[Run]) -> set[str]:
    """Return the keys of all reasons that a run has handled."""
    return {reason["key"] for run in runs for reason in run["reasons"]}


def last_day(runs: list[Run]) -> date | None:
    """Return the day of the newest run; None if there is none."""
    return max((date.fromisoformat(run["as_of"]) for run in runs), default=None)


def registered_version(runs: list[Run], model: str) -> str | None:
    """Return the registry version of a model that an earlier run registered; None if none did."""
    found = [run["registered"] for run in runs if run["model"] == model and "registered" in run]
    return found[-1] if found else None


def build_entry(due: list[Reason], day: date, result: PipelineResult, seconds: float) -> Run:
    """Return the ledger's entry for a run that handled the reasons `due`."""
    inputs = read_inputs()
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": day.isoformat(),
        "reasons": [{"kind": one.kind, "key": one.key, "why": one.why} for one in due],
        "data": inputs.data.key(hash_snapshot()),
        "code": inputs.code.key(),
        "serving": inputs.serving_hash(),
        "model": result.model,
        "outcome": "accepted" if result.accepted else "refused",
        "why": result.why,
        "seconds": round(seconds),
    }


def append(run: Run, path: Path = RUNS) -> Run:
    """Append a run to the ledger; return it with its number."""
    runs = read_runs(path)
    numbered = {"run": len(runs) + 1} | run
    write_lines(path, [*runs, numbered])
    return numbered
