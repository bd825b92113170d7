"""Results of the gate's checks, and their report in Markdown."""

from dataclasses import dataclass
from typing import Any, Literal, Self

from ...console import markdown_table

Outcome = Literal["ok", "FAILED", "insufficient data", "not comparable"]


@dataclass(frozen=True)
class Check:
    """Result of one check: measured value, limit and outcome.

    Args:
        name: name of the check.
        outcome: only `ok` passes; `not comparable` is reported without refusing the candidate.
        value: the measured value; None if there is none.
        limit: the required limit.
        note: why there is no measured value.
        required: whether insufficient data refuses the candidate.
        stable: whether the value is reproducible for the same candidate; latency is not.
    """

    name: str
    outcome: Outcome
    value: float | None = None
    limit: float | None = None
    note: str = ""
    required: bool = True
    stable: bool = True

    @classmethod
    def of(cls, name: str, value: float, limit: float, holds: bool, *, stable: bool = True) -> Self:
        """Create the check of a measured value."""
        return cls(name, "ok" if holds else "FAILED", value, limit, stable=stable)

    @property
    def passed(self) -> bool:
        """Whether the value was measured and meets the limit."""
        return self.outcome == "ok"

    @property
    def refuses(self) -> bool:
        """Whether the check refuses the candidate."""
        return self.outcome == "FAILED" or (self.outcome == "insufficient data" and self.required)

    def __str__(self) -> str:
        """Return the result as one line."""
        result = self.note or f"{format_value(self.value)}, limit {format_value(self.limit)}"
        return f"{self.outcome:<6} {self.name}: {result}"


def format_value(value: float | None) -> str:
    """Format a number: counts as integers, all others with four decimals."""
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def verdict(checks: list[Check]) -> str:
    """Return the verdict on the candidate as one sentence."""
    refusing = [check.name for check in checks if check.refuses]
    passed = sum(check.passed for check in checks)
    if not refusing:
        return f"Accepted: {passed} of {len(checks)} checks passed, none refuses."
    return f"Refused by {len(refusing)} of {len(checks)} checks: {'; '.join(refusing)}."


def markdown(model_info: dict[str, Any], trained_on: str, checks: list[Check]) -> str:
    """Return the report in Markdown, without values that differ from run to run."""
    parts = [
        f"# Gate: model {model_info['version']}",
        verdict(checks),
        f"{trained_on}. The limits are in `params.yaml` (`gate`), "
        "the uses of the test set in `test_rows.jsonl`.",
        check_table(checks),
    ]
    return "\n\n".join(parts) + "\n"


def check_table(checks: list[Check]) -> str:
    """Return the checks as a Markdown table, without latencies, which differ from run to run."""
    return markdown_table(("result", "check", "measured", "limit"), map(table_row, checks))


def table_row(check: Check) -> tuple[str, str, str, str]:
    """Return the cells of a check in the table."""
    value = format_value(check.value) if check.stable or not check.passed else "within"
    return check.outcome, check.name, check.note or value, format_value(check.limit)
