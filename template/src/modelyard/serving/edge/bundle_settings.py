"""What a bundle promises: how long its model is good, what is said instead, what is logged."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Terms:
    """The section `edge` of `params.yaml`, as it was when the bundle was built."""

    fallback: Any
    max_age_days: int
    after_expiry: str
    log_rows: int
    log_row_bytes: int


def overdue(trained_as_of: date, day: date, max_age_days: int) -> str:
    """Say why the model is past its time; empty if it is not.

    A clock that stands before the training is wrong, so that the age is not known: the model then
    counts as past its time.
    """
    age = (day - trained_as_of).days
    if age < 0:
        return f"the day is {day}, before the model's training ({trained_as_of}): set the clock"
    if age > max_age_days:
        return (
            f"the model is {age:,} days old ({trained_as_of} to {day}), "
            f"allowed are {max_age_days:,} (edge.max_age_days)"
        )
    return ""
