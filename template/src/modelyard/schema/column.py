"""What the columns of all kinds have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np


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
