"""Check against a slow decline: compare the candidate with accepted versions on the frozen rows.

Each step of a decline may be too small to differ from chance; their sum does not.
"""

from pathlib import Path
from typing import Any

from ....console import UserError
from ....files import read_json, write_json
from ....params_sections import History
from ...metrics import improvement
from ..check import Check

VERSIONS = Path("reports/versions.json")
Entry = dict[str, Any]


def make_entry(model_info: dict[str, Any], frozen: str, measured: dict[str, float]) -> Entry:
    """Create the entry of an accepted version, measured on the frozen rows with this hash."""
    return {
        "version": model_info["version"],
        "trained_as_of": model_info["trained_as_of"],
        "schema_hash": model_info["schema_hash"],
        "frozen": frozen[:12],
        "metrics": {name: round(value, 6) for name, value in measured.items()},
    }


def read_versions(path: Path = VERSIONS) -> list[Entry]:
    """Read the accepted versions, the oldest first; an empty list in a new project."""
    if not path.exists():
        return []
    entries: list[Entry] = read_json(path, "git checkout restores it")
    return entries


def append_version(new: Entry, path: Path = VERSIONS) -> None:
    """Append an accepted version, unless it is already the newest."""
    known = read_versions(path)
    if not known or known[-1] != new:
        write_json(path, [*known, new])


def comparable_versions(entries: list[Entry], new: Entry) -> list[Entry]:
    """Return the versions accepted before this one and measured on the same frozen rows.

    Raises:
        UserError: the frozen rows differ from those of the newest version, but not the schema.
    """
    past = entries[:-1] if entries and entries[-1] == new else entries
    newest = past[-1] if past else new
    if newest["frozen"] != new["frozen"] and newest["schema_hash"] == new["schema_hash"]:
        raise UserError(
            f"data/processed/frozen.parquet was {newest['frozen']} and is {new['frozen']}; "
            "git checkout HEAD -- dvc.lock, then uv run dvc pull --force restores it; to start a "
            f"new history with these rows remove {VERSIONS.as_posix()}"
        )
    return [one for one in past if one["frozen"] == new["frozen"]]


def compare(past: list[Entry], new: Entry, rows: int, metric: str, params: History) -> list[Check]:
    """Check that a candidate is within a tolerance of the best recent and of the first version."""
    if rows < params.min_rows:
        note = f"{rows} frozen rows, limit {params.min_rows}"
        return [Check("history", "insufficient data", note=note)]
    past = [one for one in past if metric in one["metrics"]]
    if not past or metric not in new["metrics"]:
        note = f"first version with {metric} on these frozen rows"
        return [Check("history", "not comparable", note=note)]
    best = max(past[-params.last :], key=lambda v: improvement(metric, v["metrics"][metric], 0.0))
    limits = {
        f"best of the last {params.last}": (best, -params.tolerance),
        "first": (past[0], -params.first_tolerance),
    }
    checks = []
    for name, (one, limit) in limits.items():
        gain = improvement(metric, new["metrics"][metric], one["metrics"][metric])
        title = f"history: {metric}, gain over the {name} ({one['version']})"
        checks.append(Check.of(title, gain, limit, gain >= limit))
    return checks
