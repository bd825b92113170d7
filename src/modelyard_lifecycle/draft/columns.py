"""What a draft knows of a column, and how its texts are converted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

Kind = Literal["number", "boolean", "category", "text", "timestamp", "nothing"]


@dataclass(frozen=True)
class Form:
    """A conversion of columns: as code after `pl.col(NAMES)`, and as a function.

    Args:
        kind: what the values are afterwards.
        code: Python source that begins with a dot; empty for none.
    """

    kind: Kind
    code: str = ""

    def apply(self, names: list[str]) -> pl.Expr:
        """Return the expression; the code is one of this package's own."""
        found: pl.Expr = eval(f"pl.col(names){self.code}", {"pl": pl, "names": names})
        return found


@dataclass(frozen=True)
class Column:
    """A column of the source.

    Args:
        source: its header.
        name: its name in the schema.
        form: how its values are converted.
        missing: rows without a value.
        different: how many different values there are.
        low: least number or time.
        high: greatest number or time.
        whole: whether all numbers are whole, or all times at midnight.
        counts: rows of each value, the most frequent first; of few values only.
        longest: characters of the longest text.
        unique: whether no row lacks a value and no two have the same.
    """

    source: str
    name: str
    form: Form
    missing: int
    different: int
    low: float | None = None
    high: float | None = None
    whole: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    longest: int = 1
    unique: bool = False

    @property
    def kind(self) -> Kind:
        """What the values are."""
        return self.form.kind


Notes = list[str]
OnStep = Callable[[str], None]
