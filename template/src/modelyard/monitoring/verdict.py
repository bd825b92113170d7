"""Verdict of the monitor: fine, retraining due, or incident."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from .findings import Finding

Outcome = Literal["fine", "retrain", "incident"]
EXIT_CODES: dict[Outcome, int] = {"fine": 0, "retrain": 10, "incident": 20}
INCIDENTS = ("feed", "records", "version", "floors")


class Verdict(NamedTuple):
    """Outcome, and its reasons for people."""

    outcome: Outcome
    reasons: list[str]


def judge(findings: list[Finding], trained_as_of: date, as_of: date, cool_down: int) -> Verdict:
    """Return the verdict.

    An incident takes precedence. Retraining is due if columns or scores have drifted and the
    model is also worse or too old: drift alone may be seasonal. Within `cool_down` days after the
    day of the model it is not due.
    """
    bad = {one.topic: f"{one.topic}: {one.reason}" for one in findings if one.status == "bad"}
    incidents = [bad[topic] for topic in INCIDENTS if topic in bad]
    if incidents:
        return Verdict("incident", incidents)
    if "drift" in bad and ("quality" in bad or "age" in bad):
        over = trained_as_of + timedelta(days=cool_down)
        if as_of >= over:
            return Verdict("retrain", list(bad.values()))
        return Verdict("fine", [f"retraining would be due, but not before {over}", *bad.values()])
    unknown = [f"{f.topic} is unknown: {f.reason}" for f in findings if f.status == "unknown"]
    needed = "quality or age" if "drift" in bad else "drift"
    alone = [f"{reason}; retraining also requires that {needed} is bad" for reason in bad.values()]
    return Verdict("fine", alone + unknown)
