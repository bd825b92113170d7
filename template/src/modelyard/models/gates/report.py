"""The gate's report: as Markdown for git, as a page with a picture for people."""

from html import escape
from pathlib import Path
from typing import Any

from ...files import write_bytes
from ..card import table
from .check import Check, figure
from .picture import STYLE, picture

REPORTS = Path("reports")


def write_report(about: dict[str, Any], checks: list[Check], where: Path = REPORTS) -> None:
    """Write `gate.md` and `gate.html`, for a candidate that passed and for one that did not.

    Args:
        about: what `model.json` says, or would say.
        checks: all that was asked.
        where: the folder of both.
    """
    write_bytes(where / "gate.md", markdown(about, checks).encode())
    write_bytes(where / "gate.html", page(about, checks).encode())


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
        table(("", "check", "measured", "asked"), [cells(check, exact=False) for check in checks]),
    ]
    return "\n\n".join(parts) + "\n"


def cells(check: Check, *, exact: bool) -> tuple[str, str, str, str]:
    """Set a check as a line of a table."""
    shown = exact or check.steady or not check.passed
    value = figure(check.value) if shown else "within"
    return check.outcome, check.name, check.note or value, figure(check.limit)


def page(about: dict[str, Any], checks: list[Check]) -> str:
    """Write the report as one HTML file that needs no other."""
    rows = "".join(
        f'<tr class="{kind(check)}">'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells(check, exact=True))
        + "</tr>\n"
        for check in checks
    )
    title = f"The gate on model {escape(about['version'])}"
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{STYLE}</style>
<h1>{title}</h1>
<p><strong>{escape(verdict(checks))}</strong></p>
<p>Trained on {about["training_rows"]:,} rows from before {escape(about["trained_as_of"])}.</p>
{picture(checks)}
<table>
<tr><th></th><th>check</th><th>measured</th><th>asked</th></tr>
{rows}</table>
</html>
"""


def kind(check: Check) -> str:
    """Say how a check is coloured."""
    return "bad" if check.refuses else "good" if check.passed else "quiet"
