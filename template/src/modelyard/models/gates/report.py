"""The gate's report `reports/gate.md`: what was asked, what was measured, what came of it."""

from pathlib import Path
from typing import Any

from ...console import markdown_table
from ...files import write_bytes
from .check import Check, figure

REPORTS = Path("reports")


def write_report(about: dict[str, Any], checks: list[Check], where: Path = REPORTS) -> None:
    """Write `gate.md`, for a candidate that passed and for one that did not.

    Args:
        about: what `model.json` says, or would say.
        checks: all that was asked.
        where: the folder.
    """
    write_bytes(where / "gate.md", markdown(about, checks).encode())


def verdict(checks: list[Check]) -> str:
    """Say what became of the candidate, in a sentence."""
    refusing = [check.name for check in checks if check.refuses]
    passed = sum(check.passed for check in checks)
    if not refusing:
        return f"Accepted: {passed} of {len(checks)} checks hold and none refuses."
    return f"Refused by {len(refusing)} of {len(checks)} checks: {'; '.join(refusing)}."


def markdown(about: dict[str, Any], checks: list[Check]) -> str:
    """Write the report without what differs from run to run, so that git shows what changed."""
    parts = [
        f"# The gate on model {about['version']}",
        verdict(checks),
        f"Trained on {about['training_rows']:,} rows from before {about['trained_as_of']}. What "
        "each check asks stands in `params.yaml` (`gate`), who judged what in `test_rows.jsonl`.",
        check_table(checks),
    ]
    return "\n\n".join(parts) + "\n"


def check_table(checks: list[Check]) -> str:
    """Lay checks out as a table, without a time, which would be another one in the next run."""
    return markdown_table(("result", "check", "measured", "asked"), map(cells, checks))


def cells(check: Check) -> tuple[str, str, str, str]:
    """Set a check as a line of a table."""
    value = figure(check.value) if check.steady or not check.passed else "within"
    return check.outcome, check.name, check.note or value, figure(check.limit)
