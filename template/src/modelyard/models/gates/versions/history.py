"""The candidate against all accepted versions, on rows that never change: no slow decline.

Each step of a decline may be too small to be told from chance. The sum of them is not.
"""

from pathlib import Path
from typing import Any

from ....console import UserError
from ....files import read_json, write_json
from ...metrics import better_by
from ..check import Check
from .params import History

VERSIONS = Path("reports/versions.json")
Entry = dict[str, Any]


def entry(about: dict[str, Any], frozen: str, measured: dict[str, float]) -> Entry:
    """Say what is remembered of an accepted version.

    Args:
        about: what `models/model.json` says.
        frozen: sha256 of the frozen rows.
        measured: its metrics on these rows.
    """
    return {
        "version": about["version"],
        "trained_as_of": about["trained_as_of"],
        "schema_hash": about["schema_hash"],
        "frozen": frozen[:12],
        "metrics": {name: round(value, 6) for name, value in measured.items()},
    }


def read_versions(path: Path = VERSIONS) -> list[Entry]:
    """Read the accepted versions, the first one first; none in a fresh project."""
    if not path.exists():
        return []
    entries: list[Entry] = read_json(path, "git checkout brings it back")
    return entries


def remember(new: Entry, path: Path = VERSIONS) -> None:
    """Add an accepted version, unless it is the newest already."""
    known = read_versions(path)
    if not known or known[-1] != new:
        write_json(path, [*known, new])


def before(entries: list[Entry], new: Entry) -> list[Entry]:
    """Give the versions accepted before this one that were measured on the same frozen rows.

    Raises:
        UserError: the schema is that of the newest version, but the frozen rows are others.
    """
    past = entries[:-1] if entries and entries[-1] == new else entries
    newest = past[-1] if past else new
    if newest["frozen"] != new["frozen"] and newest["schema_hash"] == new["schema_hash"]:
        raise UserError(
            f"data/processed/frozen.parquet was {newest['frozen']} and is {new['frozen']}; "
            "uv run dvc checkout --force brings it back; to begin anew with these rows "
            f"remove {VERSIONS.as_posix()}"
        )
    return [one for one in past if one["frozen"] == new["frozen"]]


def compare(past: list[Entry], new: Entry, rows: int, metric: str, asked: History) -> list[Check]:
    """Ask for no more than a tolerance below the best of the newest versions, and the first.

    Args:
        past: versions measured on the same rows, the first one first.
        new: what would be remembered of the candidate.
        rows: how many frozen rows there are.
        metric: by which they are compared.
        asked: the section `gate.history` of `params.yaml`.
    """
    if rows < asked.min_rows:
        note = f"{rows} frozen rows, asked {asked.min_rows}"
        return [Check("history", "insufficient data", note=note)]
    if not past:
        return [Check("history", "not comparable", note="this is the first on these frozen rows")]
    best = max(past[-asked.last :], key=lambda one: better_by(metric, one["metrics"][metric], 0.0))
    limits = {
        f"best of the last {asked.last}": (best, -asked.tolerance),
        "first": (past[0], -asked.first_tolerance),
    }
    checks = []
    for name, (one, limit) in limits.items():
        gain = better_by(metric, new["metrics"][metric], one["metrics"][metric])
        title = f"history: {metric}, gain over the {name} ({one['version']})"
        checks.append(Check.of(title, gain, limit, gain >= limit))
    return checks
