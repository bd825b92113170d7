"""What may ask for a retraining. Messages have a module of their own."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from ..registry.events import first


class Reason(NamedTuple):
    """One line of the trigger.

    Attributes:
        kind: which reason it is.
        due: whether it asks for a retraining.
        why: in words.
        key: what exactly it asks for; a key that a run has answered is not due again.
    """

    kind: Literal["first", "calendar", "message", "verdict", "data", "code", "serving"]
    due: bool
    why: str
    key: str = ""

    def unless(self, answered: Collection[str]) -> "Reason":
        """Ask for nothing that a run has answered."""
        if not self.due or self.key not in answered:
            return self
        return self._replace(due=False, why=f"answered before: {self.why}")


def calendar(last: date, now: date, every_days: int) -> Reason:
    """Say whether the next run is due: every so many days, however many were missed.

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


def verdict(told: dict[str, Any], last: date | None, now: date, cool_down_days: int) -> Reason:
    """Say what follows from the monitor's report.

    A verdict stays until a better model was accepted: without a cool-down a candidate that the
    gate refuses would be trained again each day.

    Args:
        told: what `monitoring.compare` gives.
        last: the day of the last run; None if there was none.
        now: the day it is.
        cool_down_days: after a run, in which a verdict asks for nothing.
    """
    outcome, why = told["outcome"], first(told["reasons"], "; ") or "nothing is wrong"
    if outcome != "retrain":  # an incident is for a person to look at
        return Reason("verdict", False, f"{outcome}: {why}")
    over = last + timedelta(days=cool_down_days) if last else now
    if now < over:
        return Reason("verdict", False, f"retrain, but cooling down until {over}: {why}")
    return Reason("verdict", True, why, f"verdict:{told['model']['version']}:{now}")


def data(changed: Sequence[str], rows_differ: bool, key: str) -> Reason:
    """Say whether there is other data, by its content and not by a file's time.

    Rows that are new because a day has passed are no such reason: they come with each run.

    Args:
        changed: files outside `src/` that the pipeline reads and that changed since it ran.
        rows_differ: whether `ingest` gives other rows now for the day of the last snapshot.
        key: hash of all of it.
    """
    why = [f"{path} changed" for path in changed]
    why += ["rows of days that were known before changed"] * rows_differ
    return Reason("data", bool(why), "; ".join(why) or "as it was", f"data:{key}" if why else "")


def code(changed: Sequence[str], key: str) -> Reason:
    """Say whether training code or params changed; code that only serves is no such reason.

    Args:
        changed: what changed since the pipeline ran.
        key: hash of all training code and params.
    """
    if not changed:
        return Reason("code", False, "as it was")
    return Reason("code", True, f"{first(changed)} changed", f"code:{key}")


def serving(known: str | None, now: str) -> Reason:
    """Say whether there is anything to deploy with the model as it is; it asks for no retraining.

    Args:
        known: hash of the code that trains nothing at the last run; None if there was no run.
        now: the same as it is now.
    """
    if known in (None, now):
        return Reason("serving", False, "as it was" if known else "no run to compare with")
    return Reason("serving", False, "changed since the last run: deploy, train nothing", now)
