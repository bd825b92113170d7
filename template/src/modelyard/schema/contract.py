"""Schema of a row: its columns, the target and the slices of the rows."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from .columns import Category, Column, Date, Integer, Number, Text, Timestamp
from .slices import Slice as Slice

Task = Literal["binary", "multiclass", "regression"]
OUTPUTS = ("prediction", "score", "scores", "model_version")  # of batch, beside the key


@dataclass(frozen=True)
class Classes:
    """A classification target; of two classes, the second is the positive one.

    Raises:
        ValueError: there are fewer than two classes, or duplicate ones.
    """

    name: str
    description: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        """Validate the class names."""
        texts = {value for value in self.values if isinstance(value, str) and value}
        if len(texts) < max(2, len(self.values)):
            raise ValueError(
                f"schema.py: the classes of {self.name} are {self.values!r}, "
                "allowed are two or more different texts"
            )

    @property
    def column(self) -> Column:
        """The labels as a column."""
        return Category(self.name, self.description, required=False, values=self.values)

    @property
    def task(self) -> Task:
        """`binary` for two classes, `multiclass` for more."""
        return "binary" if len(self.values) == 2 else "multiclass"

    def describe(self) -> dict[str, Any]:
        """Describe the target as JSON."""
        return {"name": self.name, "task": self.task, "classes": list(self.values)}


@dataclass(frozen=True)
class Quantity:
    """A regression target, a number in `unit`."""

    name: str
    description: str
    unit: str = ""
    values: tuple[str, ...] = ()

    @property
    def column(self) -> Column:
        """The labels as a column."""
        return Number(self.name, self.description, required=False)

    @property
    def task(self) -> Task:
        """Always `regression`."""
        return "regression"

    def describe(self) -> dict[str, Any]:
        """Describe the target as JSON."""
        return {"name": self.name, "task": self.task, "unit": self.unit}


@dataclass(frozen=True)
class Schema:
    """Schema of a row.

    Args:
        columns: the columns of requests and batch files.
        target: the target to predict; only training rows have it.
        key: the text or integer column that identifies a row.
        time: the timestamp or date by which rows are split; None splits by a hash of the key.
        slices: the slices for which metrics are reported.

    Raises:
        ValueError: a name is declared twice, or `key`, `time` or a slice refers to a wrong column.
    """

    columns: tuple[Column, ...]
    target: Classes | Quantity
    key: str
    time: str | None = None
    slices: tuple[Slice, ...] = ()

    def __post_init__(self) -> None:
        """Validate the arguments and the references between them."""
        _check_tuple("columns", self.columns, Column)
        _check_tuple("slices", self.slices, Slice)
        twice = {name for name in self.names if self.names.count(name) > 1}
        if twice or self.target.name in self.names:
            raise ValueError(f"schema.py: {sorted(twice) or self.target.name} is declared twice")
        self._check_names()
        self._check_column(self.key, "key", Text, Integer)
        if self.time:
            self._check_column(self.time, "time", Timestamp, Date)
        for column in self.columns:
            column.check_aliases()
        for one in self.slices:
            self._check_slice(one)

    def _check_names(self) -> None:
        """Refuse names that feature tables and the output of batch have."""
        taken = {*OUTPUTS} & {self.key} or {"target"} & {*self.names}
        if taken:
            raise ValueError(
                f"schema.py: the column {min(taken)} has a reserved name: allowed are others than "
                f"target, and for the key than {', '.join(OUTPUTS)}; rename it in data/ingest.py"
            )

    def _check_column(self, name: str, role: str, *kinds: type[Column]) -> None:
        column = self.column(name)
        if not isinstance(column, kinds) or not column.required:
            found = f"{'a required' if column.required else 'an optional'} {type(column).__name__}"
            raise ValueError(
                f"schema.py: {role} {name} is {found}, allowed is a required "
                + " or ".join(kind.__name__ for kind in kinds)
            )

    def _check_slice(self, checked: Slice) -> None:
        column = self.column(checked.column)
        if not isinstance(column, Category | Text):
            raise ValueError(
                f"schema.py: slice {checked.name} groups by {checked.column}, "
                f"a {type(column).__name__}, allowed is a Category or a Text"
            )

    @cached_property
    def names(self) -> list[str]:
        """The names of the columns, in order, without the target."""
        return [column.name for column in self.columns]

    @cached_property
    def numbers(self) -> list[str]:
        """The names of the number columns."""
        return [column.name for column in self.columns if isinstance(column, Number)]

    @cached_property
    def others(self) -> list[Column]:
        """The columns that are not numbers."""
        return [column for column in self.columns if not isinstance(column, Number)]

    @cached_property
    def normalised(self) -> list[Column]:
        """The columns of which some values are replaced before they are validated."""
        return [column for column in self.columns if column.replaces()]

    def normalise(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row of JSON values with the values that they stand for."""
        changes = {c.name: c.normalise(row[c.name]) for c in self.normalised if c.name in row}
        return row | changes if changes else row

    def column(self, name: str) -> Column:
        """Return a column by name.

        Raises:
            ValueError: no column has this name.
        """
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            raise ValueError(f"schema.py: unknown column {name}, known are {', '.join(self.names)}")
        return found

    def describe(self) -> dict[str, Any]:
        """Describe target and columns as JSON, with their hash."""
        described = {
            "target": self.target.describe(),
            "columns": [column.describe() for column in self.columns],
        }
        digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
        return described | {"hash": digest[:12]}

    @property
    def hash(self) -> str:
        """Hash of the schema, twelve hexadecimal digits."""
        return str(self.describe()["hash"])


def _check_tuple(argument: str, values: Any, kind: type) -> None:
    """Refuse values that are not a tuple, or not all of a kind."""
    wrong = [value for value in values if not isinstance(value, kind)] if values else []
    if not isinstance(values, tuple) or wrong:
        found = repr(wrong[0]) if wrong else f"a {type(values).__name__}"
        allowed = "columns" if kind is Column else "Slice(…)"
        raise ValueError(f"schema.py: {argument} holds {found}, allowed is a tuple of {allowed}")
