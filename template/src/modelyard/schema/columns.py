"""Column types for `schema.py`.

`Rows` are a dict of column name to array, all of the same length. Numbers are float64 with NaN for
missing values, booleans likewise as 1 and 0; categories and texts are strings with "" for missing
values (see `texts.py`); timestamps are datetime64[s] and dates datetime64[D], with NaT.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from . import texts
from .column import Boolean as Boolean
from .column import Column as Column
from .column import Integer as Integer
from .column import Number as Number

Rows = dict[str, np.ndarray]
MAX_UNKNOWN = 1000  # characters of an unknown category
DAY = "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
DATE_PATTERN = f"^{DAY}$"
TIME_PATTERN = f"^{DAY}[T ]{CLOCK}(:[0-5][0-9])?$"
OFFSET_PATTERN = rf"^{DAY}[T ]{CLOCK}(:[0-5][0-9](\.[0-9]{{1,9}})?)?(Z|[+-]{CLOCK})?$"


@dataclass(frozen=True)
class Category(Column):
    """One of `values`; with `others=True` other texts are allowed as unknown categories."""

    values: tuple[str, ...] = ()
    others: bool = False

    def __post_init__(self) -> None:
        """Validate the values."""
        super().__post_init__()
        listed = self.values if isinstance(self.values, tuple) else ()
        known = {one for one in listed if isinstance(one, str) and one and one[-1] != "\0"}
        unique = known and len(known) == len(listed)
        self._require(unique, "values", 'unique texts, ("a",), no final NUL')
        self._require(isinstance(self.others, bool), "others", "True or False")

    @cached_property
    def known(self) -> frozenset[str]:
        """The values as a set."""
        return frozenset(self.values)

    def is_valid(self, value: Any) -> bool:
        """Return whether a value is a known text, or an allowed one."""
        length = len(value) if type(value) is str else 0
        return value in self.known if length and not self.others else 0 < length <= self.max_length

    @cached_property
    def max_length(self) -> int:
        """The maximum length of a text, known or not."""
        return max(MAX_UNKNOWN, *map(len, self.values))

    @cached_property
    def width(self) -> int:
        """The maximum length of a text in an array; no known value has the length of a cut one."""
        return max(texts.WIDEST, *(len(value) + 1 for value in self.values))

    def allowed(self) -> str:
        """List the values."""
        listed, text = ", ".join(self.values), f"a text of 1 to {self.max_length} characters"
        return f"{text}, known are {listed}" if self.others else f"one of {listed}"

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Return strings, "" for None; longer ones than `width` are cut and end with "…"."""
        return texts.to_array(values, self.width)

    def describe(self) -> dict[str, Any]:
        """Add the values."""
        return super().describe() | {"allowed": list(self.values), "others": self.others}


@dataclass(frozen=True)
class Text(Column):
    """A text of 1 to `max_length` characters, for example a key."""

    max_length: int = 100

    def __post_init__(self) -> None:
        """Validate the maximum length."""
        super().__post_init__()
        positive = type(self.max_length) is int and self.max_length >= 1
        self._require(positive, "max_length", "a whole number of at least 1")

    def is_valid(self, value: Any) -> bool:
        """Return whether a value is a text of a valid length."""
        return type(value) is str and 1 <= len(value) <= self.max_length

    def allowed(self) -> str:
        """Describe the length."""
        return f"a text of 1 to {self.max_length} characters"

    @property
    def width(self) -> int:
        """The maximum length of a text in an array; -1: any length, in a `StringDType` array."""
        return self.max_length if self.max_length <= texts.WIDEST else -1

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Return strings, "" for None; of `StringDType` if `max_length` is above 256."""
        return texts.to_array(values, self.width)

    def describe(self) -> dict[str, Any]:
        """Add the length as the maximum."""
        return super().describe() | {"max": self.max_length}


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
