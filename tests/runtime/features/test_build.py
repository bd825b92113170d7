from typing import Any

import numpy as np
import pytest
from flight_delays.features.build import build
from flight_delays.schema import SCHEMA
from hypothesis import given
from hypothesis import strategies as st
from modelyard.serving.predictor import to_rows

from examples import FEATURE_CASES, MISSING_CASES, ROWS


def features_of(*records: dict[str, Any]) -> dict[str, np.ndarray]:
    return build(to_rows(records, SCHEMA))


@pytest.mark.parametrize(("change", "expected"), FEATURE_CASES)
def test_a_feature_is_what_the_row_says(change: dict[str, Any], expected: dict[str, float]) -> None:
    made = features_of(ROWS[0] | change)
    assert {name: float(made[name][0]) for name in expected} == pytest.approx(expected, abs=1e-6)


def test_a_missing_value_stays_missing() -> None:
    made = {
        (column, feature): features_of(ROWS[0] | {column: None})[feature][0]
        for column, feature in MISSING_CASES
    }
    assert [case for case, value in made.items() if not np.isnan(value)] == []


def test_every_feature_is_one_number_for_each_row() -> None:
    made = features_of(*ROWS)
    assert {values.shape for values in made.values()} == {(len(ROWS),)}
    assert {values.dtype.kind for values in made.values()} <= set("biuf")


def test_no_row_gives_no_value_and_the_same_features() -> None:
    assert list(features_of()) == list(features_of(*ROWS))
    assert {values.shape for values in features_of().values()} == {(0,)}


@given(st.lists(st.sampled_from(ROWS), min_size=1, max_size=8), st.integers(0, 7))
def test_a_row_has_the_same_features_alone_and_among_others(
    records: list[dict[str, Any]], place: int
) -> None:
    place %= len(records)
    alone, together = features_of(records[place]), features_of(*records)
    for name, values in alone.items():
        np.testing.assert_array_equal(values[0], together[name][place])


def test_the_order_of_the_columns_does_not_matter() -> None:
    rows = to_rows(ROWS, SCHEMA)
    backwards = build({name: rows[name] for name in reversed(rows)})
    for name, values in build(rows).items():
        np.testing.assert_array_equal(values, backwards[name])


def test_the_rows_are_not_changed() -> None:
    rows, untouched = to_rows(ROWS, SCHEMA), to_rows(ROWS, SCHEMA)
    build(rows)
    assert list(rows) == list(untouched)
    for name, values in rows.items():
        np.testing.assert_array_equal(values, untouched[name])
