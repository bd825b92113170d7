from pathlib import Path

import numpy as np
import polars as pl
import pytest
from flight_delays.features.build import build
from flight_delays.schema import SCHEMA
from modelyard.data.read import read_table
from modelyard.data.tables import to_rows
from modelyard.features.spec import matrix
from modelyard.features.table import (
    encoded_target,
    feature_spec,
    feature_table,
    main,
)
from modelyard.files import read_json
from modelyard.places import FEATURES, PROCESSED
from modelyard.project import Project

from tests.runtime.orders import ORDERS, PROFITS, orders


def test_a_class_is_encoded_as_its_place_among_the_classes() -> None:
    encoded = encoded_target(orders(3, fate=["returned", "kept", "returned"]), ORDERS)
    assert (encoded.to_list(), encoded.dtype) == ([1, 0, 1], pl.Int64)


def test_a_number_is_encoded_as_itself() -> None:
    encoded = encoded_target(orders(2, profit=[3, -2]), PROFITS)
    assert (encoded.to_list(), encoded.dtype) == ([3.0, -2.0], pl.Float64)


def test_the_spec_describes_training_rows_only() -> None:
    described = feature_spec(read_table(PROCESSED / "train.parquet"), SCHEMA, build, bins=4)
    assert described["rows"] == read_table(PROCESSED / "train.parquet").height
    assert described["dtype"] == "float32"
    assert set(described["columns"]) <= set(SCHEMA.names)


@pytest.mark.parametrize("name", ["train", "validation"])
def test_each_line_of_a_table_is_the_row_at_its_place_with_its_target(name: str) -> None:
    rows, made = read_table(PROCESSED / f"{name}.parquet"), read_table(FEATURES / f"{name}.parquet")
    expected = read_json(FEATURES / "spec.json", "")["features"]
    assert made.columns == [*expected, "target"]
    np.testing.assert_array_equal(
        made.drop("target").to_numpy(), matrix(to_rows(rows, SCHEMA), expected, build)
    )
    assert made["target"].equals(encoded_target(rows, SCHEMA), check_names=False)


def test_the_features_of_a_row_do_not_depend_on_its_label() -> None:
    rows = read_table(PROCESSED / "validation.parquet").head(50)
    mixed = rows.with_columns(pl.col(SCHEMA.target.name).reverse())
    expected = read_json(FEATURES / "spec.json", "")["features"]
    tables = [
        feature_table(table, SCHEMA, build, expected).drop("target") for table in (rows, mixed)
    ]
    assert tables[0].equals(tables[1])


def test_the_step_makes_the_same_files_again(workspace: Path, project: Project) -> None:
    files = [workspace / FEATURES / name for name in ("train.parquet", "spec.json")]
    before = [file.read_bytes() for file in files]
    main(project)
    assert [file.read_bytes() for file in files] == before
