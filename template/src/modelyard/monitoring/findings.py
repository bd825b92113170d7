"""What a monitor finds; here of the model's age and of the records, elsewhere of what they hold."""

from collections import Counter
from datetime import date
from typing import Literal, NamedTuple

from ..console import UserError
from .params import Monitoring

Status = Literal["fine", "bad", "unknown"]


class Finding(NamedTuple):
    """One line of the report: a topic, its status, and why in words."""

    topic: str
    status: Status
    reason: str


def find_age(trained_as_of: date, as_of: date, limits: Monitoring) -> Finding:
    """Say whether the model is too old.

    Args:
        trained_as_of: the day up to which its training rows were known.
        as_of: the day it is.
        limits: the section of `params.yaml`.

    Raises:
        UserError: the model is of a later day.
    """
    days = (as_of - trained_as_of).days
    if days < 0:
        raise UserError(
            f"AS_OF is {as_of}, allowed is the day of the model, {trained_as_of}, or a later one"
        )
    status: Status = "bad" if days > limits.max_age_days else "fine"
    return Finding("age", status, f"{days:,} days (max_age_days is {limits.max_age_days:,})")


def find_silence(newest: date | None, as_of: date, limits: Monitoring) -> Finding:
    """Say whether records have stopped coming.

    Args:
        newest: the last day on which something was recorded; None if nothing ever was.
        as_of: the day it is.
        limits: the section of `params.yaml`.
    """
    if newest is None:
        return Finding("feed", "unknown", "nothing was recorded yet")
    silent = (as_of - newest).days
    told = f"last recorded on {newest}, {silent:,} days ago"
    if silent > limits.max_silent_days:
        return Finding("feed", "bad", f"{told} (max_silent_days is {limits.max_silent_days:,})")
    return Finding("feed", "fine", told)


def find_broken(usable: int, broken: Counter[str], limits: Monitoring) -> Finding:
    """Say whether too many recorded lines cannot be used.

    Args:
        usable: how many rows can be used.
        broken: what is wrong with a line, to how many others there are.
        limits: the section of `params.yaml`.
    """
    bad = broken.total()
    told = f"{bad:,} of {usable + bad:,} recorded rows cannot be used"
    if broken:
        told += f", most often for {broken.most_common(1)[0][0]}"
    if usable + bad < limits.min_rows:
        return Finding("records", "unknown", f"{told}; min_rows is {limits.min_rows:,}")
    share = bad / (usable + bad)
    return Finding("records", "bad" if share > limits.max_broken_share else "fine", told)
