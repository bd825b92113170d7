"""What a canary asks, what it found, and the verdict that follows."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..files import write_bytes, write_json

CANARY = Path("reports/canary")
GO, NO_GO = 0, 20
WIDEST = 60  # of a cell; what is longer stands below the table


class Check(NamedTuple):
    """One question: its name, what was found, what is allowed, and whether that holds."""

    name: str
    found: str
    allowed: str
    passed: bool


def exit_code(checks: Sequence[Check]) -> int:
    """Give 0 if there are checks and all have passed, otherwise 20."""
    return GO if checks and all(check.passed for check in checks) else NO_GO


def table(checks: Sequence[Check]) -> str:
    """Lay the checks out as a Markdown table that is aligned as plain text, too."""
    head = ("check", "found", "allowed", "verdict")
    lines = [head, *(cells(check) for check in checks)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    rule = tuple("-" * width for width in widths)
    laid = (
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        for line in [head, rule, *lines[1:]]
    )
    return "\n".join(f"| {' | '.join(cells)} |" for cells in laid)


def cells(check: Check) -> tuple[str, str, str, str]:
    """Give a check's row of the table."""
    name, found, allowed, passed = check
    short = found if len(found) <= WIDEST else f"{found[: WIDEST - 1]}…"
    return name, short, allowed, "pass" if passed else "FAIL"


def conclude(target: str, about: dict[str, Any], checks: Sequence[Check]) -> None:
    """Write the report, print it, and end with the verdict's exit code.

    Args:
        target: rest, batch or edge.
        about: what was compared; stands at the head of the report.
        checks: all that were asked, in their order.

    Raises:
        SystemExit: always, with 0 or 20.
    """
    code = exit_code(checks)
    verdict = "go" if code == GO else "no go"
    named = [f"{name}: {value}" for name, value in about.items()]
    long = [f"\n{check.name}: {check.found}" for check in checks if len(check.found) > WIDEST]
    text = "\n".join(
        [f"canary of {target}: {verdict} (exit code {code})", *named, "", table(checks), *long]
    )
    listed = [check._asdict() for check in checks]
    write_json(CANARY / f"{target}.json", {"verdict": verdict, **about, "checks": listed})
    write_bytes(CANARY / f"{target}.md", f"# {text}\n".encode())
    print(text)
    sys.exit(code)
