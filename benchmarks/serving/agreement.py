"""Check that all sides return the same predictions; otherwise the run is invalid."""

import json
import sys
from typing import Any

TOLERANCE = 1e-5


def scores(content: bytes) -> list[float]:
    """Return the scores in a response, whose predictions are scores or contain them.

    Raises:
        SystemExit: the response has no predictions.
    """
    try:
        predictions = json.loads(content)["predictions"]
        return [float(one["score"] if isinstance(one, dict) else one) for one in predictions]
    except (KeyError, TypeError, ValueError):
        sys.exit(f"INVALID: no answer with predictions: {content[:300]!r}")


def require_equal(name: str, found: list[float], wanted: list[float]) -> None:
    """Compare a side's scores with ours.

    Raises:
        SystemExit: their number differs, or a score differs by more than 1e-5.
    """
    if len(found) != len(wanted):
        sys.exit(f"INVALID: {name} gave {len(found)} predictions, ours are {len(wanted)}")
    gaps = [abs(one - other) for one, other in zip(found, wanted, strict=True)]
    if not all(gap <= TOLERANCE for gap in gaps):
        worst = max(range(len(gaps)), key=lambda place: (gaps[place] != gaps[place], gaps[place]))
        pair = f"{found[worst]:.7f}, ours is {wanted[worst]:.7f}"
        sys.exit(f"INVALID: {name} scores row {worst} by {pair}; allowed is {TOLERANCE:g} apart")


def require_valid(name: str, report: dict[str, Any], *, may_refuse: bool = False) -> None:
    """Check the counts of the load generator.

    Raises:
        SystemExit: a response was not 2xx, or differs from the first one.
    """
    wrong = report["failed"] + report["different"] + (0 if may_refuse else report["refused"])
    if wrong or not report["answered"]:
        counts = ", ".join(f"{report[key]} {key}" for key in ("answered", "refused", "failed"))
        sys.exit(f"INVALID: {name}: {counts}, {report['different']} with other predictions")
