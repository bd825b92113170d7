"""Whether sides say the same: only then is a figure worth printing."""

import json
import sys
from typing import Any

TOLERANCE = 1e-5


def scores(content: bytes) -> list[float]:
    """Take the scores out of an answer, in which a prediction is a score or has one.

    Raises:
        SystemExit: it is no such answer.
    """
    try:
        told = json.loads(content)["predictions"]
        return [float(one["score"] if isinstance(one, dict) else one) for one in told]
    except (KeyError, TypeError, ValueError):
        sys.exit(f"INVALID: no answer with predictions: {content[:300]!r}")


def require_equal(name: str, found: list[float], wanted: list[float]) -> None:
    """Compare a side's scores with ours.

    Raises:
        SystemExit: they are not as many, or one is further away than 1e-5.
    """
    if len(found) != len(wanted):
        sys.exit(f"INVALID: {name} gave {len(found)} predictions, ours are {len(wanted)}")
    gaps = [abs(one - other) for one, other in zip(found, wanted, strict=True)]
    if not all(gap <= TOLERANCE for gap in gaps):
        worst = max(range(len(gaps)), key=lambda place: (gaps[place] != gaps[place], gaps[place]))
        pair = f"{found[worst]:.7f}, ours is {wanted[worst]:.7f}"
        sys.exit(f"INVALID: {name} scores row {worst} by {pair}; allowed is {TOLERANCE:g} apart")


def require_right(name: str, told: dict[str, Any], *, may_refuse: bool = False) -> None:
    """Look at what the load generator counted.

    Raises:
        SystemExit: an answer was not 2xx, or said something else than the first one.
    """
    wrong = told["failed"] + told["different"] + (0 if may_refuse else told["refused"])
    if wrong or not told["answered"]:
        counts = ", ".join(f"{told[key]} {key}" for key in ("answered", "refused", "failed"))
        sys.exit(f"INVALID: {name}: {counts}, {told['different']} with other predictions")
