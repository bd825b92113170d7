"""The rows: the examples keep the schema, and what the pipeline has made of the data does."""

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


def test_the_examples_keep_the_schema(schema: Schema) -> None:
    check_examples(schema, ROWS, TARGETS)


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_a_bad_value_is_refused_for_its_column(schema: Schema, column: str, value: Any) -> None:
    check_bad_value(schema, ROWS[0], column, value)


def test_every_column_says_what_it_is(schema: Schema) -> None:
    check_descriptions(schema)


def test_rows_that_have_a_time_are_split_by_it(schema: Schema) -> None:
    check_time(schema)


def test_ingest_gives_the_columns_of_the_schema_and_the_target(
    prepared: Prepared, schema: Schema
) -> None:
    ingest.check_columns(prepared.raw, schema)


def test_ingest_gives_nothing_from_the_day_itself_or_later(
    prepared: Prepared, schema: Schema, params: Params
) -> None:
    ingest.check_known(prepared.raw, schema, params)


def test_the_key_tells_rows_apart(prepared: Prepared, schema: Schema, params: Params) -> None:
    ingest.check_keys(prepared.raw, schema, params)


def test_ingest_gives_the_examples_as_they_are(prepared: Prepared, schema: Schema) -> None:
    ingest.check_examples_arrived(prepared.raw, schema, ROWS, TARGETS)


@pytest.mark.parametrize("name", data.PARTS)
def test_every_row_keeps_the_schema_and_has_a_label(
    prepared: Prepared, schema: Schema, name: str
) -> None:
    data.check_part(prepared, name, schema)


def test_no_row_is_in_two_parts(prepared: Prepared, schema: Schema) -> None:
    data.check_disjoint(prepared, schema)


def test_each_part_lies_wholly_before_the_next(prepared: Prepared, schema: Schema) -> None:
    data.check_order(prepared, schema)


def test_the_parts_have_about_the_shares_of_params_yaml(prepared: Prepared, params: Params) -> None:
    data.check_shares(prepared, params)


def test_no_row_is_lost_but_for_a_reason(prepared: Prepared, schema: Schema) -> None:
    data.check_none_lost(prepared, schema)


def test_no_model_learns_from_a_frozen_row(prepared: Prepared, schema: Schema) -> None:
    data.check_frozen(prepared, schema)
