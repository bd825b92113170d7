"""Settings of a bundle: expiry of the model, fallback prediction and log."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class BundleSettings:
    """The section `edge` of `params.yaml`, as it was when the bundle was built."""

    fallback: Any
    max_age_days: int
    after_expiry: str
    log_rows: int
    log_row_bytes: int


def expiry_reason(trained_as_of: date, day: date, max_age_days: int) -> str:
    """Return the reason why the model has expired; empty if it has not.

    A clock set before the training is wrong, so the age is unknown: the model then counts as
    expired.
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
