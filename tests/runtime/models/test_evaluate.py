from typing import Any

import numpy as np
import pytest
from modelyard.models.evaluate import report
from modelyard.params import Params, read_params

from tests.runtime.orders import ORDERS

ROWS = {
    "payment": np.array(["card"] * 6 + ["cash"] * 2),
    "country": np.array(["IT", "FR", "IT", "FR", "", "FR", "IT", "FR"]),
}
Y = np.array([0, 1, 0, 1, 0, 1, 0, 1])
RIGHT = np.column_stack([1 - Y, Y]).astype(np.float32)


@pytest.fixture
def params() -> Params:
    told = read_params()
    return told.model_copy(update={"gate": told.gate.model_copy(update={"min_slice_rows": 3})})


def reported(scores: np.ndarray, params: Params) -> dict[str, Any]:
    return report(ROWS, Y, scores, ORDERS, params)


def test_right_scores_are_reported_as_perfect_as_a_whole_and_in_each_slice(params: Params) -> None:
    told = reported(RIGHT, params)
    assert told["overall"]["accuracy"] == 1
    assert told["slices"]["payment"]["card"]["accuracy"] == 1


def test_a_slice_is_measured_on_its_own_rows(params: Params) -> None:
    scores = np.where((ROWS["country"] == "IT")[:, np.newaxis], 1 - RIGHT, RIGHT)
    region = reported(scores, params)["slices"]["region"]
    assert {name: values["accuracy"] for name, values in region.items()} == {"north": 1, "south": 0}
    assert {name: values["rows"] for name, values in region.items()} == {"north": 5, "south": 3}


def test_a_slice_with_too_few_rows_has_a_size_and_no_metric(params: Params) -> None:
    assert reported(RIGHT, params)["slices"]["payment"]["cash"] == {"rows": 2}


def test_rows_without_a_value_are_a_slice_of_their_own(params: Params) -> None:
    rows = ROWS | {"payment": np.array(["card"] * 4 + [""] * 4)}
    told = report(rows, Y, RIGHT, ORDERS, params)
    assert set(told["slices"]["payment"]) == {"card", "missing"}
