"""What is due: nothing, a retraining, or somebody who looks at once."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from .findings import Finding

Outcome = Literal["fine", "retrain", "incident"]
EXIT_CODES: dict[Outcome, int] = {"fine": 0, "retrain": 10, "incident": 20}
INCIDENTS = ("feed", "records", "floors")


class Verdict(NamedTuple):
    """What is due, and why in words."""

    outcome: Outcome
    reasons: list[str]


def judge(findings: list[Finding], trained_as_of: date, as_of: date, cool_down: int) -> Verdict:
    """Say what is due.

    An incident goes before all. Retraining is due when columns or scores have drifted and the
    model is worse or too old for it: columns alone also move with the season.

    Args:
        findings: of each topic one.
        trained_as_of: the day of the model.
        as_of: the day it is.
        cool_down: days after the model's in which no retraining is due.
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
    alone = [f"{reason}; retraining needs {needed} to be bad too" for reason in bad.values()]
    return Verdict("fine", alone + unknown)
