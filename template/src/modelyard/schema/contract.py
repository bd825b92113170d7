"""What `schema.py` puts together: columns, a target, slices, and the schema of a row."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from .columns import Category, Column, Number, Rows, Text, Timestamp

Task = Literal["binary", "multiclass", "regression"]


@dataclass(frozen=True)
class Classes:
    """A target with named classes; of two, the second is the positive one.

    Raises:
        ValueError: there are not two or more different names.
    """

    name: str
    description: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        """Check the names."""
        texts = {value for value in self.values if isinstance(value, str) and value}
        if len(texts) < max(2, len(self.values)):
            raise ValueError(
                f"schema.py: the classes of {self.name} are {self.values!r}, "
                "allowed are two or more different texts"
            )

    @property
    def task(self) -> Task:
        """`binary` for two classes, `multiclass` for more."""
        return "binary" if len(self.values) == 2 else "multiclass"

    def describe(self) -> dict[str, Any]:
        """Describe the target as JSON."""
        return {"name": self.name, "task": self.task, "classes": list(self.values)}


@dataclass(frozen=True)
class Quantity:
    """A target that is a number, in `unit`."""

    name: str
    description: str
    unit: str = ""
    values: tuple[str, ...] = ()

    @property
    def task(self) -> Task:
        """Always `regression`."""
        return "regression"

    def describe(self) -> dict[str, Any]:
        """Describe the target as JSON."""
        return {"name": self.name, "task": self.task, "unit": self.unit}


@dataclass(frozen=True)
class Slice:
    """A way to part the rows for which quality is reported part by part.

    Args:
        name: what the parting is called in reports.
        column: the text or category column that decides.
        groups: group to the column's values in it; empty: each value is a group of its own.
        rest: the group of all values that no group names.
        protected: whether the gate asks for fairness among the groups (`gate.fairness`).
    """

    name: str
    column: str
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rest: str = "other"
    protected: bool = False

    def of(self, rows: Rows) -> np.ndarray:
        """Give each row's group."""
        if not self.groups:
            return rows[self.column]
        known = {value: group for group, values in self.groups.items() for value in values}
        return np.array([known.get(str(value), self.rest) for value in rows[self.column]], np.str_)


@dataclass(frozen=True)
class Schema:
    """All that is known of a row before a model sees it.

    Args:
        columns: what a request and a line of a batch hold.
        target: what is predicted; only training rows have it.
        key: the text column that identifies a row.
        time: the timestamp by which rows are split; None splits by a hash of the key.
        slices: the partings for which quality is reported.

    Raises:
        ValueError: a name stands twice, or `key`, `time` or a slice names no fitting column.
    """

    columns: tuple[Column, ...]
    target: Classes | Quantity
    key: str
    time: str | None = None
    slices: tuple[Slice, ...] = ()

    def __post_init__(self) -> None:
        """Check that the parts fit together."""
        _all("columns", self.columns, Column)
        _all("slices", self.slices, Slice)
        twice = {name for name in self.names if self.names.count(name) > 1}
        if twice or self.target.name in self.names:
            raise ValueError(f"schema.py: {sorted(twice) or self.target.name} stands twice")
        self._need(self.key, Text, "key")
        if self.time:
            self._need(self.time, Timestamp, "time")
        for part in self.slices:
            self._need_texts(part)

    def _need(self, name: str, kind: type[Column], role: str) -> None:
        column = self.column(name)
        if not isinstance(column, kind) or not column.required:
            found = f"a {'' if column.required else 'not '}required {type(column).__name__}"
            raise ValueError(
                f"schema.py: the {role} {name} must be a required {kind.__name__}, it is {found}"
            )

    def _need_texts(self, part: Slice) -> None:
        column = self.column(part.column)
        if not isinstance(column, Category | Text):
            raise ValueError(
                f"schema.py: the slice {part.name} parts by {part.column}, "
                f"a {type(column).__name__}, allowed is a Category or a Text"
            )

    @cached_property
    def names(self) -> list[str]:
        """The columns' names, in order, without the target."""
        return [column.name for column in self.columns]

    @cached_property
    def numbers(self) -> list[str]:
        """The names of the numbers among them."""
        return [column.name for column in self.columns if isinstance(column, Number)]

    @cached_property
    def others(self) -> list[Column]:
        """The columns that are no numbers."""
        return [column for column in self.columns if not isinstance(column, Number)]

    def column(self, name: str) -> Column:
        """Find a column.

        Raises:
            ValueError: no column has this name.
        """
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            raise ValueError(f"schema.py: no column {name}, there are {', '.join(self.names)}")
        return found

    def describe(self) -> dict[str, Any]:
        """Describe target and columns as JSON, with a hash of both."""
        shown = {
            "target": self.target.describe(),
            "columns": [column.describe() for column in self.columns],
        }
        return shown | {"hash": _digest(shown)}

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that change with any rule of the schema."""
        return str(self.describe()["hash"])


def _all(word: str, parts: Any, kind: type) -> None:
    """Refuse parts that are no tuple, or one of which is of another kind."""
    wrong = [part for part in parts if not isinstance(part, kind)] if parts else []
    if not isinstance(parts, tuple) or wrong:
        found = repr(wrong[0]) if wrong else f"a {type(parts).__name__}"
        allowed = "kinds of columns" if kind is Column else "Slice(…)"
        raise ValueError(f"schema.py: {word} holds {found}, allowed is a tuple of {allowed}")


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
