"""The monitor says that the model is no longer good."""

from datetime import date, timedelta
from typing import Any

from .reason import Reason

SHOWN = 2


def find(told: dict[str, Any], last: date | None, now: date, cool_down_days: int) -> Reason:
    """Say what follows from the monitor's report.

    A verdict stays until a better model was accepted: without a cool-down a candidate that the
    gate refuses would be trained again each day.

    Args:
        told: what `monitoring.compare` gives.
        last: the day of the last run; None if there was none.
        now: the day it is.
        cool_down_days: after a run, in which a verdict asks for nothing.
    """
    outcome, why = told["outcome"], shortened(told["reasons"])
    if outcome != "retrain":  # an incident is for a person to look at
        return Reason("verdict", False, f"{outcome}: {why}")
    over = last + timedelta(days=cool_down_days) if last else now
    if now < over:
        return Reason("verdict", False, f"retrain, but cooling down until {over}: {why}")
    return Reason("verdict", True, why, f"verdict:{told['model']['version']}:{now}")


def shortened(reasons: list[str]) -> str:
    """Name the first reasons; the monitor's report has all."""
    more = f" and {len(reasons) - SHOWN} more" if len(reasons) > SHOWN else ""
    return ("; ".join(reasons[:SHOWN]) or "nothing is wrong") + more
