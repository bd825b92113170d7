"""Columns of dates and times."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

import numpy as np

from .column import Column

DAY = "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
DATE_PATTERN = f"^{DAY}$"
TIME_PATTERN = f"^{DAY}[T ]{CLOCK}(:[0-5][0-9])?$"
OFFSET_PATTERN = rf"^{DAY}[T ]{CLOCK}(:[0-5][0-9](\.[0-9]{{1,9}})?)?(Z|[+-]{CLOCK})?$"


@dataclass(frozen=True)
class Date(Column):
    """A date without a time, for example a birthday."""

    pattern: ClassVar[str] = DATE_PATTERN
    dtype: ClassVar[str] = "datetime64[D]"

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
        """Return datetime64 of the column's precision, NaT for None."""
        return np.array(list(values), self.dtype)


@dataclass(frozen=True)
class Timestamp(Date):
    """A local date and time without a time zone, to the second.

    With `utc=True` the times are in UTC: one with an offset is converted, such as
    2013-08-01T08:30:00.5+02:00 to 2013-08-01T06:30:00, and one without is in UTC already.
    """

    utc: bool = field(default=False, kw_only=True)
    pattern: ClassVar[str] = TIME_PATTERN
    dtype: ClassVar[str] = "datetime64[s]"

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
        zone, offset = ("UTC", " or 2013-08-01T08:30:00+02:00") if self.utc else ("local", "")
        return f"a {zone} date and time such as 2013-08-01T06:30:00{offset}"
