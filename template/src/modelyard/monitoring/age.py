"""The age of the model."""

from datetime import date

from ..console import UserError
from .finding import Finding, Status
from .section import Monitoring


def days_old(trained_as_of: date, as_of: date) -> int:
    """Count the days from the one up to which training rows were known.

    Raises:
        UserError: the model is of a later day.
    """
    if as_of < trained_as_of:
        raise UserError(
            f"AS_OF is {as_of}, allowed is the day of the model, {trained_as_of}, or a later one"
        )
    return (as_of - trained_as_of).days


def find_age(days: int, limits: Monitoring) -> Finding:
    """Say whether a model is too old."""
    status: Status = "bad" if days > limits.max_age_days else "fine"
    return Finding("age", status, f"{days:,} days (max_age_days is {limits.max_age_days:,})")
