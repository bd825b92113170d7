"""The decisions of a draft: what each column becomes."""

import math
import re
from dataclasses import dataclass, field
from typing import Literal

from modelyard.schema.column import LARGEST

from .columns import Column, Form, Notes

Task = Literal["binary", "multiclass", "regression"]
MOST_CATEGORIES = 50  # more different texts are a text, or a category with its frequent values
CLOSED = 20  # up to so many values a category has no others, if each value is frequent
FREQUENT = 10  # rows of a frequent value
MOST_CODES = 2  # a column of so many whole numbers is a category
NAMED_CODE = re.compile(r"(^|_)(code|type|class|category|zip|plz|status|kind|group)(_no)?$")
COVERED = 0.5  # share of the rows that the frequent values of many must cover
NEGATIVE = ("no", "false", "0", "n", "f", "nein", "non", "negative", "-1")
POSITIVE = ("yes", "true", "1", "y", "t", "ja", "oui", "positive")
WIDENED = 0.5  # of the observed width, on both sides


@dataclass(frozen=True)
class Field:
    """A column of the schema; `feature` says whether the drafted features use it."""

    column: Column
    kind: Literal["number", "integer", "boolean", "category", "text", "timestamp", "date"]
    required: bool = True
    low: float = 0.0
    high: float = 0.0
    values: tuple[str, ...] = ()
    others: bool = False
    max_length: int = 1
    feature: bool = True

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def is_number(self) -> bool:
        """Whether it is a feature as it is."""
        return self.kind in ("number", "integer", "boolean")

    @property
    def is_time(self) -> bool:
        """Whether it is a date or a time."""
        return self.kind in ("timestamp", "date")

    @property
    def utc(self) -> bool:
        """Whether times had a zone, and ingest converts them to UTC."""
        return self.kind == "timestamp" and "convert_time_zone" in self.column.form.code


@dataclass(frozen=True)
class Target:
    """The target: its column, and the classes, of which a number has none."""

    column: Column
    task: Task
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A draft before it is written.

    Args:
        rows: number of rows of the source.
        key: the column that identifies a row; None: the number of the row does.
        time: the name of the column by which rows are split.
        fields: the columns of the schema, without a numbered key.
        target: the target.
        leaks: columns that tell the target.
        unused: other columns that the schema does not have, with the reason.
    """

    rows: int
    key: Column | None
    time: str | None
    fields: list[Field]
    target: Target
    leaks: list[Column] = field(default_factory=list)
    unused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def key_name(self) -> str:
        """The name of the key."""
        if self.key:
            return self.key.name
        names = {one.name for one in self.fields} | {self.target.column.name}
        return "row_id" if "row_id" not in names else "numbered_row_id"


def as_category(form: Form) -> Form:
    """Return the conversion of whole numbers to texts."""
    return Form("text", f"{form.code}.cast(pl.Int64).cast(pl.String)")


def is_code(column: Column) -> bool:
    """Return whether whole numbers are a category: two different ones, or codes by name."""
    if column.kind != "number" or not column.whole or column.different < 2:
        return False
    named = NAMED_CODE.search(column.name) and column.different <= CLOSED
    return column.different <= MOST_CODES or bool(named)


def make_field(column: Column, rows: int, notes: Notes) -> Field:
    """Return the column of the schema that a column becomes."""
    required = column.missing == 0
    if column.kind == "number":
        low, high = widen(column.low or 0.0, column.high or 0.0)
        whole = column.whole and max(-low, high) < LARGEST
        return Field(column, "integer" if whole else "number", required, low, high)
    if column.kind == "timestamp":
        return Field(column, "date" if column.whole else "timestamp", required)
    if column.kind == "boolean":
        return Field(column, "boolean", required)
    frequent = [value for value, count in column.counts.items() if count >= FREQUENT]
    covered = sum(column.counts[value] for value in frequent[:MOST_CATEGORIES])
    few = 0 < len(column.counts) <= min(MOST_CATEGORIES, max(2, rows / 5))
    if not few and not (frequent and covered >= COVERED * (rows - column.missing)):
        notes.append(f"{column.name}: {column.different:,} different texts, is no feature")
        return Field(
            column, "text", required, max_length=text_length(column.longest), feature=False
        )
    others = not few or len(column.counts) > CLOSED or len(frequent) < len(column.counts)
    listed = [*column.counts] if few else frequent[:MOST_CATEGORIES]
    if not few:
        notes.append(f"{column.name}: {column.different:,} different texts, the frequent are known")
    return Field(column, "category", required, values=tuple(sorted(listed)), others=others)


def text_length(longest: int) -> int:
    """Return the allowed length of texts: twice the longest one, rounded up to tens."""
    return math.ceil(longest * 2 / 10) * 10


def widen(low: float, high: float) -> tuple[float, float]:
    """Return a range widened by half its width on both sides, and rounded outwards.

    Numbers that are never negative keep 0 as their minimum, never positive ones as their maximum.
    """
    width = (high - low) or abs(high) or 1.0
    step = 10.0 ** (math.floor(math.log10(width)) - 1)
    digits = max(0, -math.floor(math.log10(step)))
    wide_low = _short(math.floor((low - WIDENED * width) / step) * step, digits)
    wide_high = _short(math.ceil((high + WIDENED * width) / step) * step, digits)
    return (
        max(wide_low, 0.0) if low >= 0 else min(wide_low, low),
        min(wide_high, 0.0) if high <= 0 else max(wide_high, high),
    )


def _short(value: float, digits: int) -> float:
    """Return a number without the last bits of its computation."""
    return float(f"{round(value, digits):.12g}")


def order_classes(counts: dict[str, int]) -> tuple[str, ...]:
    """Return the classes in order; of two, the second is the positive one: yes, or the rarer."""
    if len(counts) > 2:
        numbers = all(re.fullmatch(r"-?\d+", value) for value in counts)
        return tuple(sorted(counts, key=int if numbers else str))
    first, second = counts  # the most frequent first
    if first.lower() in POSITIVE or second.lower() in NEGATIVE:
        return second, first
    return first, second
