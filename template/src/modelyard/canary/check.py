"""Checks of a canary, their report, and the verdict."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..console import markdown_table
from ..evidence.ledger import note
from ..files import write_bytes, write_json

CANARY = Path("reports/canary")
GO, NO_GO = 0, 20
MAX_WIDTH = 60  # of a cell; longer texts are repeated below the table


class Check(NamedTuple):
    """Name of a check, value found, values allowed, and whether it passed."""

    name: str
    found: str
    allowed: str
    passed: bool


def success_check(name: str, failure: str = "") -> Check:
    """Return a check that passes unless there is a failure message."""
    return Check(name, failure or "yes", "yes", not failure)


def exit_code(checks: Sequence[Check]) -> int:
    """Return 0 if there are checks and all have passed, else 20."""
    return GO if checks and all(check.passed for check in checks) else NO_GO


def table(checks: Sequence[Check]) -> str:
    """Format the checks as a Markdown table."""
    shown = (
        (name, shorten(found), allowed, "pass" if passed else "FAIL")
        for name, found, allowed, passed in checks
    )
    return markdown_table(("check", "found", "allowed", "verdict"), shown)


def shorten(text: str) -> str:
    """Shorten a text to the maximum width of a cell."""
    return text if len(text) <= MAX_WIDTH else f"{text[: MAX_WIDTH - 1]}…"


def report_and_exit(target: str, about: dict[str, Any], checks: Sequence[Check]) -> None:
    """Write and print a canary's report, headed by `about`; exit with 0 (go) or 20 (no go)."""
    code = exit_code(checks)
    verdict = "go" if code == GO else "no go"
    head = [f"{name}: {value}" for name, value in about.items()]
    long = [f"\n{check.name}: {check.found}" for check in checks if len(check.found) > MAX_WIDTH]
    text = "\n".join(
        [f"canary of {target}: {verdict} (exit code {code})", *head, "", table(checks), *long]
    )
    listed = [check._asdict() for check in checks]
    note(**{check.name: check.passed for check in checks})
    write_json(CANARY / f"{target}.json", {"verdict": verdict, **about, "checks": listed})
    write_bytes(CANARY / f"{target}.md", f"# {text}\n".encode())
    print(text)
    sys.exit(code)
