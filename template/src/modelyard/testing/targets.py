"""One contract for every serving target: the same rows get the same answers, to the last bit."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from ..project import Project
from ..schema.columns import Category, Number
from ..schema.contract import Schema
from ..serving.predictor import Predictor, to_rows
from .assertions import require

Row = Mapping[str, Any]
Rows = Sequence[Row]
Change = tuple[str, Any]


class Target(Protocol):
    """How a target is asked; the module of its name in this package has one."""

    name: str

    def predictions(self, rows: Rows) -> list[dict[str, Any]]:
        """Give each row's prediction, with the version of the model."""

    def faulty_columns(self, rows: Rows) -> list[set[str]]:
        """Name the columns for which each row is refused."""

    def check_own(self, predictor: Predictor, rows: Rows) -> None:
        """Check what only this target promises."""


def open_target(name: str, project: Project, folder: Path) -> Target:
    """Open a target that was chosen.

    Args:
        name: `rest`, `batch` or `edge`.
        project: the project's own part.
        folder: an empty one, for what the target writes.
    """
    target: Target = import_module(f"{__package__}.{name}").open_target(project, folder)
    return target


def many_rows(predictor: Predictor, count: int = 10_000) -> list[dict[str, Any]]:
    """Make many rows, each column's values drawn from real rows."""
    known = (predictor.folder / "examples.jsonl").read_text("utf-8").count("\n")
    real = predictor.examples(known)
    steps = {name: 2 * place + 1 for place, name in enumerate(predictor.schema.names)}
    return [
        {name: real[number * step % len(real)][name] for name, step in steps.items()}
        for number in range(count)
    ]


def expected(predictor: Predictor, rows: Rows) -> list[dict[str, Any]]:
    """Give what the model itself says of rows."""
    records = predictor.predict(to_rows(rows, predictor.schema)).records()
    return [record | {"model_version": predictor.version} for record in records]


def check_scores(target: Target, predictor: Predictor, rows: Rows) -> None:
    """Check that a target gives rows the model's own scores, bit for bit and in order."""
    found, wanted = target.predictions(rows), expected(predictor, rows)
    require(len(found) == len(rows), f"{target.name} answers {len(found)} of {len(rows)} rows")
    for number, (answer, own) in enumerate(zip(found, wanted, strict=True)):
        require(
            answer == own,
            f"{target.name} answers row {number}, {rows[number]}, by {answer}; the model: {own}",
        )


def check_kept(target: Target, predictor: Predictor, row: Row) -> None:
    """Check that rows which keep the schema in an odd way get the model's own scores."""
    odd = [dict(row) | change for change in kept(predictor.schema)]
    check_scores(target, predictor, [dict(reversed(list(one.items()))) for one in odd])


def check_refused(target: Target, schema: Schema, row: Row, bad: Sequence[Change]) -> None:
    """Check that a row that breaks the schema is refused for the column that does, and no other.

    Args:
        target: how it is asked.
        schema: the rules, from which more broken values are derived.
        row: one that keeps them.
        bad: columns and values that break them.
    """
    changes = [*bad, *broken(schema)]
    found = target.faulty_columns([dict(row) | dict([change]) for change in changes])
    for (column, value), columns in zip(changes, found, strict=True):
        require(
            columns == {column},
            f"schema.py: {target.name} should refuse {column} = {value!r} for {column}, it does "
            f"for {', '.join(sorted(columns)) or 'nothing'}",
        )


def broken(schema: Schema) -> Iterator[Change]:
    """Derive columns and values that break a schema, in any row."""
    for column in schema.columns:
        if column.required:
            yield column.name, None
        if isinstance(column, Number):
            yield from ((column.name, float(text)) for text in ("nan", "inf"))
            if column.min is not None:
                yield column.name, column.min - 1
            if column.max is not None:
                yield column.name, column.max + 1


def kept(schema: Schema) -> Iterator[dict[str, Any]]:
    """Derive changes to a row that keep a schema."""
    yield {"a column that nobody knows": 1}
    for column in schema.columns:
        if not column.required:
            yield {column.name: None}
        if isinstance(column, Category) and column.others:
            yield {column.name: "never seen before"}
