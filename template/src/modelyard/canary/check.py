"""What a canary asks, what it found, and the verdict that follows."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..console import markdown_table
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


def works(name: str, failure: str = "") -> Check:
    """Make a check of something that works, unless there is a text that says how it fails."""
    return Check(name, failure or "yes", "yes", not failure)


def exit_code(checks: Sequence[Check]) -> int:
    """Give 0 if there are checks and all have passed, otherwise 20."""
    return GO if checks and all(check.passed for check in checks) else NO_GO


def table(checks: Sequence[Check]) -> str:
    """Lay the checks out as a table."""
    shown = (
        (name, shorten(found), allowed, "pass" if passed else "FAIL")
        for name, found, allowed, passed in checks
    )
    return markdown_table(("check", "found", "allowed", "verdict"), shown)


def shorten(text: str) -> str:
    """Cut what is too wide for a cell."""
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


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
