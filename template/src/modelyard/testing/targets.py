"""Contract of all serving targets: the same rows get exactly the same predictions."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from ..project import Project
from ..schema.columns import Category, Integer, Number
from ..schema.contract import Schema
from ..serving.predictor import Predictor, Row, to_rows

Rows = Sequence[Row]
Change = tuple[str, Any]


class Target(Protocol):
    """Adapter of a target; the module of its name in this package has a class of its name."""

    name: str

    def predictions(self, rows: Rows) -> list[dict[str, Any]]:
        """Return the prediction of each row, with the version of the model."""

    def faulty_columns(self, rows: Rows) -> list[set[str]]:
        """Return the columns for which each row is refused."""

    def check_own(self, predictor: Predictor, rows: Rows) -> None:
        """Check the properties of this target only."""


def open_target(name: str, project: Project, folder: Path) -> Target:
    """Open `rest`, `batch` or `edge`; its output goes to an empty folder."""
    adapter: Callable[[Project, Path], Target]
    adapter = getattr(import_module(f"{__package__}.{name}"), name.capitalize())
    return adapter(project, folder)


def many_rows(predictor: Predictor, count: int = 10_000) -> list[dict[str, Any]]:
    """Generate rows by recombining the column values of real rows."""
    known = (predictor.folder / "examples.jsonl").read_text("utf-8").count("\n")
    real = predictor.examples(known)
    steps = {name: 2 * index + 1 for index, name in enumerate(predictor.schema.names)}
    return [
        {name: real[number * step % len(real)][name] for name, step in steps.items()}
        for number in range(count)
    ]


def expected(predictor: Predictor, rows: Rows) -> list[dict[str, Any]]:
    """Return the predictions of the model itself."""
    read = map(predictor.schema.normalise, map(dict, rows))
    records = predictor.predict(to_rows(read, predictor.schema)).records()
    return [record | {"model_version": predictor.version} for record in records]


def check_scores(target: Target, predictor: Predictor, rows: Rows) -> None:
    """Check that a target returns exactly the model's own scores, in order."""
    found, own = target.predictions(rows), expected(predictor, rows)
    assert len(found) == len(rows), f"{target.name} answers {len(found)} of {len(rows)} rows"
    for number, (answer, record) in enumerate(zip(found, own, strict=True)):
        assert answer == record, (
            f"{target.name} answers row {number}, {rows[number]}, by {answer}; the model: {record}"
        )


def check_kept(target: Target, predictor: Predictor, row: Row) -> None:
    """Check that valid rows of unusual form get the model's own scores."""
    odd = [dict(row) | change for change in valid_changes(predictor.schema)]
    check_scores(target, predictor, [dict(reversed(list(one.items()))) for one in odd])


def check_refused(target: Target, schema: Schema, row: Row, bad: Sequence[Change]) -> None:
    """Check that a row is refused for each invalid value, and for its column only."""
    changes = [*bad, *invalid_changes(schema)]
    found = target.faulty_columns([dict(row) | dict([change]) for change in changes])
    for (column, value), columns in zip(changes, found, strict=True):
        assert columns == {column}, (
            f"schema.py: {target.name} should refuse {column} = {value!r} for {column}, it does "
            f"for {', '.join(sorted(columns)) or 'nothing'}"
        )


def invalid_changes(schema: Schema) -> Iterator[Change]:
    """Yield columns and values that are invalid in any row."""
    for column in schema.columns:
        if column.required:
            yield column.name, None
        if isinstance(column, Integer):
            yield column.name, 0.5
        if isinstance(column, Number):
            yield from ((column.name, float(text)) for text in ("nan", "inf"))
            if column.min is not None:
                yield column.name, column.min - 1
            if column.max is not None:
                yield column.name, column.max + 1


def valid_changes(schema: Schema) -> Iterator[dict[str, Any]]:
    """Yield changes that keep a row valid."""
    yield {"a column that nobody knows": 1}
    for column in schema.columns:
        if not column.required:
            yield {column.name: None}
        if isinstance(column, Category) and column.others:
            yield {column.name: "never seen before"}
        for key, value in column.aliases.items():
            if isinstance(key, str) and not (column.required and value is None):
                yield {column.name: key}
