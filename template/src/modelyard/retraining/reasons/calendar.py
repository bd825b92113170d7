"""Time has passed: every so many days a run is due, however many were missed."""

from datetime import date, timedelta

from .reason import Reason


def find(last: date, now: date, every_days: int) -> Reason:
    """Say whether the next run is due.

    Args:
        last: the day of the last run, or of the model.
        now: the day it is.
        every_days: from one run to the next.
    """
    following = last + timedelta(days=every_days)
    if now < following:
        return Reason("calendar", False, f"next on {following} (every_days is {every_days:,})")
    passed = f"{(now - last).days:,} days since {last} (every_days is {every_days:,})"
    return Reason("calendar", True, passed, f"calendar:{now}")
