"""A table with all kinds of columns: the schema takes all rows, and the examples keep it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from modelyard.schema.contract import Schema
from modelyard.testing import schema as examples_of

from modelyard_lifecycle.draft.draft import Draft, project_files
from modelyard_lifecycle.draft.forms import BOOLEAN, TEXT, as_text
from tests.lifecycle.draft.tables import ROWS, draft_of, table

COLUMNS: dict[str, Any] = {
    "children": [None if i % 7 == 0 else i % 6 for i in range(ROWS)],
    "smoker": [i % 3 == 0 for i in range(ROWS)],
    "insured": [[True, False, None][i * i % 3] for i in range(ROWS)],
    "born": [date(1950 + i % 50, 1 + i % 12, 1 + i % 28) for i in range(ROWS)],
    "seen": [datetime(2024, 5, 1 + i % 28, i % 24, tzinfo=UTC) for i in range(ROWS)],
    "weight": [50 + i * 37 % 100 / 3 for i in range(ROWS)],
}


def written(found: Draft) -> tuple[Schema, dict[str, Any]]:
    """Return the drafted schema and the names of the drafted examples."""
    files = project_files(found, "visits", "{}\n", "")
    names: list[dict[str, Any]] = []
    for file in ("src/visits/schema.py", "tests/examples.py"):
        found_names: dict[str, Any] = {}
        exec(files[file], found_names)
        names.append(found_names)
    return names[0]["SCHEMA"], names[1]


@pytest.mark.parametrize("as_csv", [False, True])
@pytest.mark.parametrize("time", [None, "born", "seen"])
def test_all_kinds_are_drafted(tmp_path: Path, as_csv: bool, time: str | None) -> None:
    path = table(tmp_path, **COLUMNS)
    if as_csv:
        csv = tmp_path / "rows.csv"
        pl.read_parquet(path).write_csv(csv, datetime_format="%Y-%m-%dT%H:%M:%S+00:00")
        path = csv
    schema, examples = written(draft_of(path, time=time))
    kinds = {one.name: one.kind for one in schema.columns if one.name in COLUMNS}
    assert kinds == {
        **{"children": "integer", "smoker": "boolean", "insured": "boolean"},
        **{"born": "date", "seen": "timestamp", "weight": "number"},
    }
    assert schema.column("seen").replaces() == {"utc": True}
    examples_of.check_examples(schema, examples["ROWS"], examples["TARGETS"])
    for column, value in examples["BAD_VALUES"]:
        examples_of.check_bad_value(schema, examples["ROWS"][0], column, value)


def test_booleans_and_dates_become_features(tmp_path: Path) -> None:
    found = draft_of(table(tmp_path, **COLUMNS))
    build: dict[str, Any] = {}
    code = project_files(found, "visits", "{}\n", "")["src/visits/features/build.py"]
    exec(code.replace("from .. import schema", ""), build)
    rows = {
        **{name: np.array([1.0, np.nan]) for name in ("children", "smoker", "insured", "weight")},
        "born": np.array(["1970-01-03", "NaT"], "datetime64[D]"),
        "seen": np.array(["1970-01-02T12:00:00", "NaT"], "datetime64[s]"),
    }
    features = build["build"](rows)
    np.testing.assert_equal(features["smoker"], [1.0, np.nan])
    np.testing.assert_equal(features["born_days"], [2.0, np.nan])
    np.testing.assert_equal(features["seen_days"], [1.5, np.nan])


def test_a_boolean_target_has_two_classes(tmp_path: Path) -> None:
    columns = {"x": COLUMNS["weight"], "y": [i * 7 % 5 < 2 for i in range(ROWS)]}
    schema, examples = written(draft_of(table(tmp_path, **columns)))
    assert schema.target.values == ("false", "true")
    assert set(examples["TARGETS"]) == {"false", "true"}


def test_texts_stay_texts_if_they_are_classes() -> None:
    assert as_text(BOOLEAN) == TEXT
