"""The examples and the outputs of the pipeline match the schema."""

from typing import Any

import pytest
from modelyard.params import Params
from modelyard.schema.contract import Schema
from modelyard.testing import data, ingest
from modelyard.testing.data import Prepared
from modelyard.testing.schema import (
    check_bad_value,
    check_descriptions,
    check_examples,
    check_time,
)

from examples import BAD_VALUES, ROWS, TARGETS


def test_examples_are_valid(schema: Schema) -> None:
    check_examples(schema, ROWS, TARGETS)


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_bad_value_is_rejected(schema: Schema, column: str, value: Any) -> None:
    check_bad_value(schema, ROWS[0], column, value)


def test_columns_have_descriptions(schema: Schema) -> None:
    check_descriptions(schema)


def test_split_uses_the_time_column(schema: Schema) -> None:
    check_time(schema)


def test_ingest_returns_the_columns_of_the_schema(prepared: Prepared, schema: Schema) -> None:
    ingest.check_columns(prepared.raw, schema)


def test_ingest_returns_only_rows_before_as_of(
    prepared: Prepared, schema: Schema, params: Params
) -> None:
    ingest.check_known(prepared.raw, schema, params)


def test_key_is_unique(prepared: Prepared, schema: Schema, params: Params) -> None:
    ingest.check_keys(prepared.raw, schema, params)


def test_ingest_returns_the_examples(prepared: Prepared, schema: Schema) -> None:
    ingest.check_examples_arrived(prepared.raw, schema, ROWS, TARGETS)


@pytest.mark.parametrize("name", data.PARTS)
def test_split_rows_are_valid_and_labelled(prepared: Prepared, schema: Schema, name: str) -> None:
    data.check_part(prepared, name, schema)


def test_splits_are_disjoint(prepared: Prepared, schema: Schema) -> None:
    data.check_disjoint(prepared, schema)


def test_splits_are_in_order_of_time(prepared: Prepared, schema: Schema) -> None:
    data.check_order(prepared, schema)


def test_splits_have_the_shares_of_params_yaml(prepared: Prepared, params: Params) -> None:
    data.check_shares(prepared, params)


def test_no_row_is_lost(prepared: Prepared, schema: Schema) -> None:
    data.check_none_lost(prepared, schema)


def test_frozen_rows_are_not_trained_on(prepared: Prepared, schema: Schema) -> None:
    data.check_frozen(prepared, schema)
