"""Report of the gate in `reports/gate.md`: checks, measured values and verdict."""

from pathlib import Path
from typing import Any

from ...console import markdown_table
from ...files import write_bytes
from .check import Check, format_value

REPORTS = Path("reports")


def write_report(model_info: dict[str, Any], checks: list[Check], folder: Path = REPORTS) -> None:
    """Write `gate.md` for an accepted or a refused candidate."""
    write_bytes(folder / "gate.md", markdown(model_info, checks).encode())


def verdict(checks: list[Check]) -> str:
    """Return the verdict on the candidate as one sentence."""
    refusing = [check.name for check in checks if check.refuses]
    passed = sum(check.passed for check in checks)
    if not refusing:
        return f"Accepted: {passed} of {len(checks)} checks passed, none refuses."
    return f"Refused by {len(refusing)} of {len(checks)} checks: {'; '.join(refusing)}."


def markdown(model_info: dict[str, Any], checks: list[Check]) -> str:
    """Return the report in Markdown, without values that differ from run to run."""
    parts = [
        f"# Gate: model {model_info['version']}",
        verdict(checks),
        f"Trained on {model_info['training_rows']:,} rows before {model_info['trained_as_of']}. "
        "The limits are in `params.yaml` (`gate`), the uses of the test set in `test_rows.jsonl`.",
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
