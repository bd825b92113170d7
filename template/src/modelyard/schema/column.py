"""What the columns of all kinds have in common, and columns of numbers."""

import math
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar

import numpy as np

LARGEST = 2**53 - 1  # up to which float64 and JSON hold every whole number
UNIT_PATTERN = r"^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?) ?(.*)$"


@dataclass(frozen=True)
class Column(ABC):
    """A named value of a row; a `required` value must not be missing.

    `aliases` holds other spellings: what may arrive, to the value that it stands for, or to None if
    it is missing, such as `{"NYC": "New York", "n/a": None}`. Training, REST, batch and edge
    replace them alike, before they validate.

    Raises:
        ValueError: an argument is invalid.
    """

    name: str
    description: str
    required: bool = True
    _: KW_ONLY
    aliases: dict[str | float, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Validate the arguments that all columns have."""
        named = isinstance(self.name, str) and self.name.strip()
        self._require(named, "name", "a text that is not empty")
        self._require(isinstance(self.description, str), "description", "a text")
        self._require(isinstance(self.required, bool), "required", "True or False")

    def check_aliases(self) -> None:
        """Validate the aliases, once the column is; none may stand for another one."""
        valid = isinstance(self.aliases, dict) and all(
            type(key) in (str, int, float)
            and (value is None or (self.is_valid(value) and self.normalise(value) == value))
            for key, value in self.aliases.items()
        )
        self._require(valid, "aliases", "a dict of texts or numbers to None or to valid values")

    def _require(self, valid: object, argument: str, allowed: str) -> None:
        """Raise a `ValueError` if an argument is not valid."""
        if not valid:
            found = f"{argument} is {getattr(self, argument)!r}"
            raise ValueError(f"schema.py: column {self.name}: {found}, allowed is {allowed}")

    @property
    def kind(self) -> str:
        """The column's type in lower case, as in `GET /schema`."""
        return type(self).__name__.lower()

    def replaces(self) -> dict[str, Any]:
        """Describe what is replaced before the values are validated; empty for nothing."""
        found: dict[str, Any] = {"aliases": [*map(list, self.aliases.items())]}
        found |= {name: getattr(self, name, None) for name in ("units", "utc")}
        return {name: value for name, value in found.items() if value}

    def normalise(self, value: Any) -> Any:
        """Return the value that a JSON value stands for, mostly itself."""
        return self.aliases.get(value, value) if type(value) in (str, int, float) else value

    @abstractmethod
    def is_valid(self, value: Any) -> bool:
        """Return whether the column allows a JSON value that is not missing."""

    @abstractmethod
    def allowed(self) -> str:
        """Describe the allowed values in words."""

    def rule(self) -> str:
        """Describe the allowed values in words, whether they may be missing, and aliases."""
        also = ", ".join(f"{key!r} for {value}" for key, value in self.aliases.items())
        optional = "" if self.required else ", or missing"
        return self.allowed() + optional + (f"; also {also}" if also else "")

    @abstractmethod
    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Convert valid values, None where missing, to the column's array."""

    def describe(self) -> dict[str, Any]:
        """Describe the column as JSON."""
        common = {"name": self.name, "type": self.kind, "required": self.required}
        limits = {"min": None, "max": None, "allowed": None}
        return common | limits | {"description": self.description} | self.replaces()


@dataclass(frozen=True)
class Number(Column):
    """A finite number in `unit` from `min` to `max`, both included.

    `units` holds other units of numbers that arrive as text, to the factor by which they are
    multiplied: `{"km": 0.621371, "mi": 1}` reads "10 km" as 6.21371.
    """

    min: float | None = None
    max: float | None = None
    unit: str = ""
    units: dict[str, float] = field(default_factory=dict, hash=False, kw_only=True)
    noun: ClassVar[str] = "a finite number"

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
        factors = self.units.values() if isinstance(self.units, dict) else [math.nan]
        positive = all(type(one) in (int, float) and 0 < one < math.inf for one in factors)
        self._require(positive, "units", 'a dict of units to factors, {"km": 0.621371}')

    def normalise(self, value: Any) -> Any:
        """Return a number with a unit as a number in the column's unit; others as they are."""
        value = super().normalise(value)
        found = self.units and type(value) is str and re.fullmatch(UNIT_PATTERN, value)
        known = found and found[2] in self.units
        return float(found[1]) * self.units[found[2]] if found and known else value

    def is_valid(self, value: Any) -> bool:
        """Return whether a value is a finite number in the range; True and False are none."""
        low = -sys.float_info.max if self.min is None else self.min
        high = sys.float_info.max if self.max is None else self.max
        try:
            return type(value) in (float, int) and low <= float(value) <= high
        except OverflowError:
            return False

    def allowed(self) -> str:
        """Describe the range and the unit."""
        low = "" if self.min is None else f" of at least {self.min:g}"
        high = "" if self.max is None else f" of at most {self.max:g}"
        both = low and high and f" from {self.min:g} to {self.max:g}"
        others = f', or a text such as "1 {next(iter(self.units))}"' if self.units else ""
        return f"{self.noun}{both or low or high} {self.unit}".rstrip() + others

    def to_array(self, values: Iterable[Any]) -> np.ndarray:
        """Return float64, NaN for None."""
        return np.array(list(values), np.float64)

    def describe(self) -> dict[str, Any]:
        """Add the range and the unit."""
        return super().describe() | {"min": self.min, "max": self.max, "unit": self.unit}


@dataclass(frozen=True)
class Integer(Number):
    """A whole number from `min` to `max`, 3 or 3.0, of at most 2**53 - 1 in size."""

    noun: ClassVar[str] = "a whole number"

    def is_valid(self, value: Any) -> bool:
        """Return whether a value is a whole number in the range."""
        return super().is_valid(value) and value == value // 1 and abs(value) <= LARGEST


@dataclass(frozen=True)
class Boolean(Number):
    """True or False, for the features 1 and 0."""

    min: float | None = field(default=0, init=False)
    max: float | None = field(default=1, init=False)
    unit: str = field(default="", init=False)
    units: dict[str, float] = field(default_factory=dict, hash=False, init=False)

    def is_valid(self, value: Any) -> bool:
        """Return whether a value is True or False."""
        return type(value) is bool

    def allowed(self) -> str:
        """Name the values."""
        return "true or false"
