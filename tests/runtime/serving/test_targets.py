"""Contract of all targets: the same rows get the same predictions, to the last bit."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from flight_delays.schema import SCHEMA
from modelyard.choices import ALLOWED
from modelyard.schema.columns import Category, Number
from modelyard.serving.predictor import Predictor, to_rows

from examples import BAD_VALUES, ROWS

TARGETS = ALLOWED["targets"]
NUMBERS = [column for column in SCHEMA.columns if isinstance(column, Number)]
OPEN = [c.name for c in SCHEMA.columns if isinstance(c, Category) and c.others]
REQUIRED = [column.name for column in SCHEMA.columns if column.required]
OPTIONAL = [column.name for column in SCHEMA.columns if not column.required]

BROKEN: list[tuple[str, Any]] = [
    *BAD_VALUES,
    *((name, None) for name in REQUIRED),
    *((column.name, value) for column in NUMBERS for value in (float("nan"), float("inf"))),
    *((column.name, column.min - 1) for column in NUMBERS if column.min is not None),
    *((column.name, column.max + 1) for column in NUMBERS if column.max is not None),
]
"""Columns and values that break the schema, in any row."""

KEPT: list[dict[str, Any]] = [
    *({name: None} for name in OPTIONAL),
    *({name: "never seen before"} for name in OPEN),
    {"a column that nobody knows": 1},
]
"""Changes to a row that keep the schema."""


@pytest.fixture(scope="module")
def rows(made: Path, predictor: Predictor) -> list[dict[str, Any]]:
    """Ten thousand rows, each column's values drawn from real rows."""
    real = predictor.examples(len((made / "models/examples.jsonl").read_text("utf-8").splitlines()))
    steps = {name: 2 * place + 1 for place, name in enumerate(SCHEMA.names)}
    return [
        {name: real[number * step % len(real)][name] for name, step in steps.items()}
        for number in range(10_000)
    ]


def target(name: str) -> Any:
    """Return the module that runs a target."""
    return importlib.import_module(f"tests.runtime.{name}_target")


def expected(predictor: Predictor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the accepted model's own predictions of rows."""
    version = {"model_version": predictor.version}
    return [record | version for record in predictor.predict(to_rows(rows, SCHEMA)).records()]


@pytest.mark.parametrize("name", TARGETS)
def test_ten_thousand_rows_get_the_models_own_scores(
    name: str, rows: list[dict[str, Any]], predictor: Predictor, tmp_path: Path
) -> None:
    assert target(name).predictions(rows, tmp_path) == expected(predictor, rows)


@pytest.mark.parametrize("name", TARGETS)
def test_an_unusual_but_valid_row_gets_the_models_own_score(
    name: str, predictor: Predictor, tmp_path: Path
) -> None:
    odd = [ROWS[0] | change for change in KEPT]
    permuted = [dict(reversed(list(row.items()))) for row in odd]
    assert target(name).predictions(permuted, tmp_path) == expected(predictor, odd)


@pytest.mark.parametrize("name", TARGETS)
def test_an_invalid_row_is_refused_for_the_invalid_column(name: str, tmp_path: Path) -> None:
    broken = [ROWS[1] | {column: value} for column, value in BROKEN]
    found = target(name).faulty_columns(broken, tmp_path)
    assert found == [{column} for column, _ in BROKEN]
