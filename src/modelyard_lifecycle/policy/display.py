"""Print the findings of a policy check."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .finding import BROKEN, KEPT, UNKNOWN, Finding

COLOURS = {KEPT: "green", BROKEN: "red", UNKNOWN: "yellow"}


def print_findings(findings: list[Finding], console: Console) -> None:
    """Print a table with a row per rule, then counts by verdict."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("rule", "found", "allowed", "verdict"):
        table.add_column(column, overflow="fold")
    for one in findings:
        verdict = f"[{COLOURS[one.verdict]}]{one.verdict}[/]"
        table.add_row(one.rule, escape(one.found), escape(one.allowed), verdict)
    console.print(table)
    counts = [(sum(one.verdict == kind for one in findings), kind) for kind in COLOURS]
    summary = ", ".join(f"{count} {kind}" for count, kind in counts if count)
    console.print(f"\n{len(findings)} rules: {summary}")
