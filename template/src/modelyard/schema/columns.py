"""The kinds of column that `schema.py` is made of.

A row travels through the project as `Rows`: column name to array, all of one length. Numbers are
float64 with NaN for a missing value, categories and texts are strings with "" for a missing one,
timestamps are datetime64[s] with NaT.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

Rows = dict[str, np.ndarray]
TEXT, TIME = np.dtype(np.str_), np.dtype("datetime64[s]")
TIME_PATTERN = (
    r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]"
    r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
)


def refuse(name: Any, word: str, found: Any, allowed: str) -> None:
    """Refuse what `schema.py` says of a column.

    Raises:
        ValueError: always; the text names the column, the word, the value and what is allowed.
    """
    raise ValueError(f"schema.py: column {name}: {word} is {found!r}, allowed is {allowed}")


@dataclass(frozen=True)
class Column(ABC):
    """A named value of a row; `required` says that it may not be missing.

    Raises:
        ValueError: a word of it cannot be.
    """

    name: str
    description: str
    required: bool = True

    def __post_init__(self) -> None:
        """Check what all kinds have."""
        if not isinstance(self.name, str) or not self.name.strip():
            refuse(self.name, "name", self.name, "a text that is not empty")
        if not isinstance(self.description, str):
            refuse(self.name, "description", self.description, "a text")
        if not isinstance(self.required, bool):
            refuse(self.name, "required", self.required, "True or False")

    @property
    def kind(self) -> str:
        """The column's type in one lower-case word, as `GET /schema` shows it."""
        return type(self).__name__.lower()

    @abstractmethod
    def allowed(self) -> str:
        """Say in words what the column may hold."""

    def rule(self) -> str:
        """Say in words what the column may hold, and whether it may be missing."""
        return self.allowed() + ("" if self.required else ", or missing")

    @abstractmethod
    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Turn checked values, None for a missing one, into the column's array."""

    def describe(self) -> dict[str, Any]:
        """Describe the column as JSON."""
        shown = {"name": self.name, "type": self.kind, "required": self.required}
        limits = {"min": None, "max": None, "allowed": None}
        return shown | limits | {"description": self.description}


@dataclass(frozen=True)
class Number(Column):
    """A finite number from `min` to `max`, both included; `unit` goes into texts only."""

    min: float | None = None
    max: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        """Check the range."""
        super().__post_init__()
        for word, limit in (("min", self.min), ("max", self.max)):
            number = isinstance(limit, int | float) and not isinstance(limit, bool)
            if limit is not None and not (number and math.isfinite(limit)):
                refuse(self.name, word, limit, "a finite number or None")
        if self.min is not None and self.max is not None and self.min > self.max:
            refuse(self.name, "min", self.min, f"at most max, which is {self.max!r}")
        if not isinstance(self.unit, str):
            refuse(self.name, "unit", self.unit, "a text")

    def allowed(self) -> str:
        """Say the range and the unit."""
        least = "" if self.min is None else f" of at least {self.min:g}"
        most = "" if self.max is None else f" of at most {self.max:g}"
        both = least and most and f" from {self.min:g} to {self.max:g}"
        return f"a finite number{both or least or most} {self.unit}".rstrip()

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Give float64, NaN for None."""
        return np.array(list(values), np.float64)

    def describe(self) -> dict[str, Any]:
        """Add the range and the unit."""
        return super().describe() | {"min": self.min, "max": self.max, "unit": self.unit}


@dataclass(frozen=True)
class Category(Column):
    """One of `values`; with `others`, any text, which then counts as none of the known ones."""

    values: tuple[str, ...] = ()
    others: bool = False

    def __post_init__(self) -> None:
        """Check the values."""
        super().__post_init__()
        listed = self.values if isinstance(self.values, tuple) else ()
        known = {value for value in listed if isinstance(value, str) and value}
        if not known or len(known) < len(listed):
            refuse(self.name, "values", self.values, 'different texts such as ("a", "b") or ("a",)')
        if not isinstance(self.others, bool):
            refuse(self.name, "others", self.others, "True or False")

    def allowed(self) -> str:
        """List the values."""
        listed = ", ".join(self.values)
        return f"a text, known are {listed}" if self.others else f"one of {listed}"

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Give strings, "" for None."""
        return np.array([value or "" for value in values], TEXT)

    def describe(self) -> dict[str, Any]:
        """Add the values."""
        return super().describe() | {"allowed": list(self.values), "others": self.others}


@dataclass(frozen=True)
class Text(Column):
    """A text of 1 to `max_length` characters, such as a key."""

    max_length: int = 100

    def __post_init__(self) -> None:
        """Check the length."""
        super().__post_init__()
        if type(self.max_length) is not int or self.max_length < 1:
            refuse(self.name, "max_length", self.max_length, "a whole number of at least 1")

    def allowed(self) -> str:
        """Say the length."""
        return f"a text of 1 to {self.max_length} characters"

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Give strings, "" for None."""
        return np.array([value or "" for value in values], TEXT)

    def describe(self) -> dict[str, Any]:
        """Add the length as the maximum."""
        return super().describe() | {"max": self.max_length}


@dataclass(frozen=True)
class Timestamp(Column):
    """A local date and time without a zone, to the second."""

    def allowed(self) -> str:
        """Show the form."""
        return "a local date and time such as 2013-08-01T06:30:00"

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Give datetime64[s], NaT for None."""
        return np.array(list(values), TIME)
