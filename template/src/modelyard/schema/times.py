"""Columns of dates and times."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from .column import Column

TIME = np.dtype("datetime64[s]")
DAY = "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
DATE_PATTERN = f"^{DAY}$"
TIME_PATTERN = f"^{DAY}[T ]{CLOCK}(:[0-5][0-9])?$"
OFFSET_PATTERN = rf"^{DAY}[T ]{CLOCK}(:[0-5][0-9](\.[0-9]{{1,9}})?)?(Z|[+-]{CLOCK})?$"


@dataclass(frozen=True)
class Date(Column):
    """A date without a time, for example a birthday."""

    @property
    def pattern(self) -> str:
        """The regular expression of valid texts."""
        return DATE_PATTERN

    def is_valid(self, value: Any) -> bool:
        """Return whether a value is a text in the column's format, on a day that exists."""
        if type(value) is not str or not re.fullmatch(self.pattern, value):
            return False
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return False
        return True

    def allowed(self) -> str:
        """Describe the format by an example."""
        return "a date such as 2013-08-01"

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Return datetime64[D], NaT for None."""
        return np.array(list(values), "datetime64[D]")


@dataclass(frozen=True)
class Timestamp(Date):
    """A local date and time without a time zone, to the second.

    With `utc=True` the times are in UTC: one with an offset is converted, such as
    2013-08-01T08:30:00.5+02:00 to 2013-08-01T06:30:00, and one without is in UTC already.
    """

    utc: bool = field(default=False, kw_only=True)

    @property
    def pattern(self) -> str:
        """The regular expression of valid texts."""
        return TIME_PATTERN

    @property
    def normalises(self) -> bool:
        """Whether times are converted to UTC, or have aliases."""
        return self.utc or super().normalises

    def normalise(self, value: Any) -> Any:
        """Return a time in UTC without offset and fractions of a second; others as they are."""
        value = super().normalise(value)
        if not self.utc or type(value) is not str or not re.fullmatch(OFFSET_PATTERN, value):
            return value
        try:
            time = datetime.fromisoformat(value)
            return f"{(time.astimezone(UTC) if time.tzinfo else time):%Y-%m-%dT%H:%M:%S}"
        except (ValueError, OverflowError):
            return value

    def allowed(self) -> str:
        """Describe the format by an example."""
        offset = " or 2013-08-01T06:30:00+02:00"
        return f"a {'UTC' if self.utc else 'local'} date and time such as 2013-08-01T06:30:00" + (
            offset if self.utc else ""
        )

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Return datetime64[s], NaT for None."""
        return np.array(list(values), TIME)

    def describe(self) -> dict[str, Any]:
        """Say whether the times are in UTC."""
        return super().describe() | ({"utc": True} if self.utc else {})
