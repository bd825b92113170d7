"""Print a report: aligned, at most 80 columns wide."""

import textwrap
from collections.abc import Iterator

from .finding import Finding
from .run import Report

WIDTH, LABEL = 80, 10


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of a report: the findings, the checks, the verdict."""
    for finding in report.findings:
        yield from finding_lines(finding)
        yield ""
    width = max(map(len, report.results)) + 2
    for name, result in report.results.items():
        yield f"{name:<{width}}{result}"
    yield ""
    yield from report.context.facts
    errors = sum(one.level == "error" for one in report.findings)
    notes = len(report.findings) - errors
    seconds = report.context.seconds["total"]
    verdict = "ok" if not errors else f"{errors} error" + ("s" if errors > 1 else "")
    noted = f", {notes} note" + ("s" if notes > 1 else "") if notes else ""
    yield f"doctor: {verdict}{noted} in {seconds:.1f} s"


def finding_lines(finding: Finding) -> Iterator[str]:
    """Yield the lines of a finding, with its parts below each other."""
    yield f"{finding.level:<{LABEL}}{finding.check:<{LABEL}}{finding.place}"
    for name in ("found", "allowed", "remedy"):
        text = textwrap.wrap(getattr(finding, name), WIDTH - 2 * LABEL, break_on_hyphens=False) or [
            "-"
        ]
        for number, line in enumerate(text):
            head = name if number == 0 else ""
            yield f"{'':<{LABEL}}{head:<{LABEL}}{line}"
