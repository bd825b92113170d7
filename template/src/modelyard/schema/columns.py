"""Column types for `schema.py`.

`Rows` are a dict of column name to array, all of the same length. Numbers are float64 with NaN for
missing values, categories and texts are strings with "" for missing values (see `texts.py`),
timestamps are datetime64[s] with NaT.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from . import texts

Rows = dict[str, np.ndarray]
TIME = np.dtype("datetime64[s]")
MAX_UNKNOWN = 1000  # characters of an unknown category
TIME_PATTERN = (
    r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]"
    r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
)


@dataclass(frozen=True)
class Column(ABC):
    """A named value of a row; a `required` value must not be missing.

    Raises:
        ValueError: an argument is invalid.
    """

    name: str
    description: str
    required: bool = True

    def __post_init__(self) -> None:
        """Validate the arguments that all columns have."""
        named = isinstance(self.name, str) and self.name.strip()
        self._require(named, "name", "a text that is not empty")
        self._require(isinstance(self.description, str), "description", "a text")
        self._require(isinstance(self.required, bool), "required", "True or False")

    def _require(self, valid: object, argument: str, allowed: str) -> None:
        """Raise a `ValueError` if an argument is not valid."""
        if not valid:
            found = f"{argument} is {getattr(self, argument)!r}"
            raise ValueError(f"schema.py: column {self.name}: {found}, allowed is {allowed}")

    @property
    def kind(self) -> str:
        """The column's type in lower case, as in `GET /schema`."""
        return type(self).__name__.lower()

    @abstractmethod
    def allowed(self) -> str:
        """Describe the allowed values in words."""

    def rule(self) -> str:
        """Describe the allowed values in words, and whether they may be missing."""
        return self.allowed() + ("" if self.required else ", or missing")

    @abstractmethod
    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Convert valid values, None where missing, to the column's array."""

    def describe(self) -> dict[str, Any]:
        """Describe the column as JSON."""
        common = {"name": self.name, "type": self.kind, "required": self.required}
        limits = {"min": None, "max": None, "allowed": None}
        return common | limits | {"description": self.description}


@dataclass(frozen=True)
class Number(Column):
    """A finite number from `min` to `max`, both included; `unit` is for descriptions only."""

    min: float | None = None
    max: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        """Validate the range and the unit."""
        super().__post_init__()
        for argument, limit in (("min", self.min), ("max", self.max)):
            number = isinstance(limit, int | float) and not isinstance(limit, bool)
            finite = limit is None or (number and math.isfinite(limit))
            self._require(finite, argument, "a finite number or None")
        ordered = self.min is None or self.max is None or self.min <= self.max
        self._require(ordered, "min", f"at most max ({self.max!r})")
        self._require(isinstance(self.unit, str), "unit", "a text")

    def allowed(self) -> str:
        """Describe the range and the unit."""
        low = "" if self.min is None else f" of at least {self.min:g}"
        high = "" if self.max is None else f" of at most {self.max:g}"
        both = low and high and f" from {self.min:g} to {self.max:g}"
        return f"a finite number{both or low or high} {self.unit}".rstrip()

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Return float64, NaN for None."""
        return np.array(list(values), np.float64)

    def describe(self) -> dict[str, Any]:
        """Add the range and the unit."""
        return super().describe() | {"min": self.min, "max": self.max, "unit": self.unit}


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
class Timestamp(Column):
    """A local date and time without a time zone, to the second."""

    def allowed(self) -> str:
        """Describe the format by an example."""
        return "a local date and time such as 2013-08-01T06:30:00"

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Return datetime64[s], NaT for None."""
        return np.array(list(values), TIME)
