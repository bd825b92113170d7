"""Reasons to retrain: calendar, verdict, data, code; messages are in `messages`."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from ..console import listed

STALE_DAYS = 365  # a source without a row of this many days has stopped


class Reason(NamedTuple):
    """A possible reason to retrain; one line of the trigger's report.

    Attributes:
        kind: kind of reason.
        due: whether it requires a retraining.
        why: explanation for people.
        key: identity of the reason; once a run has handled a key, it is not due again.
    """

    kind: Literal["first", "calendar", "message", "verdict", "data", "code", "serving"]
    due: bool
    why: str
    key: str = ""

    def unless_handled(self, handled: Collection[str]) -> "Reason":
        """Return the reason, no longer due if a run has handled its key."""
        if not self.due or self.key not in handled:
            return self
        return self._replace(due=False, why=f"already handled: {self.why}")


def calendar(last: date, now: date, every_days: int, newest: date | None = None) -> Reason:
    """Return whether the next periodic run is due; missed periods lead to one run only.

    `newest`: day of the source's newest row, if known; without a newer one no other run follows.
    """
    following = last + timedelta(days=every_days)
    if now < following:
        return Reason("calendar", False, f"next on {following} (every_days is {every_days:,})")
    passed = f"{(now - last).days:,} days since {last} (every_days is {every_days:,})"
    if newest and now - newest > timedelta(days=STALE_DAYS):
        why = f"nothing to train on: the newest row is of {newest}, over {STALE_DAYS} days ago"
        return Reason("calendar", False, why)
    return Reason("calendar", True, passed, f"calendar:{newest or now}")


def verdict(report: dict[str, Any], last: date | None, now: date, cool_down_days: int) -> Reason:
    """Return whether the monitor's report requires a retraining.

    The verdict stays the same until a better model is accepted, so without a cool-down a
    candidate that the gate refuses would be trained again each day.
    """
    outcome, why = report["outcome"], listed(report["reasons"], 3, "; ") or "nothing is wrong"
    if outcome != "retrain":  # an incident needs a person
        return Reason("verdict", False, f"{outcome}: {why}")
    over = last + timedelta(days=cool_down_days) if last else now
    if now < over:
        return Reason("verdict", False, f"retrain, but cooling down until {over}: {why}")
    return Reason("verdict", True, why, f"verdict:{report['model']['version']}:{now}")


def data(changed: Sequence[str], rows_differ: bool, key: str) -> Reason:
    """Return whether the content of the data changed since the last run.

    Rows of later days are not a change: they are added by every run.
    """
    why = [f"{path} changed" for path in changed]
    why += ["rows of the last snapshot changed"] * rows_differ
    return Reason("data", bool(why), "; ".join(why) or "unchanged", f"data:{key}" if why else "")


def code(changed: Sequence[str], key: str) -> Reason:
    """Return whether training code or params changed; serving code is not a reason."""
    if not changed:
        return Reason("code", False, "unchanged")
    return Reason("code", True, f"{listed(changed, 3)} changed", f"code:{key}")


def serving(last: str | None, now: str) -> Reason:
    """Return whether serving code changed, which needs a deployment but never a retraining."""
    if last in (None, now):
        return Reason("serving", False, "unchanged" if last else "no run to compare with")
    return Reason("serving", False, "changed since the last run: deploy, do not retrain", now)
