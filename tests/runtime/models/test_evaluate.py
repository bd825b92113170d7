from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from modelyard.models.evaluate import report
from modelyard.params import Params, read_params
from modelyard.schema.columns import Text
from modelyard.schema.contract import Slice

from tests.runtime.orders import ORDERS

ROWS = {
    "payment": np.array(["card"] * 6 + ["cash"] * 2),
    "country": np.array(["IT", "FR", "IT", "FR", "", "FR", "IT", "FR"]),
}
Y = np.array([0, 1, 0, 1, 0, 1, 0, 1])
RIGHT = np.column_stack([1 - Y, Y]).astype(np.float32)


@pytest.fixture
def params() -> Params:
    result = read_params()
    return result.model_copy(update={"gate": result.gate.model_copy(update={"min_slice_rows": 3})})


def reported(scores: np.ndarray, params: Params) -> dict[str, Any]:
    return report(ROWS, Y, scores, ORDERS, params)


def test_perfect_scores_have_perfect_metrics_overall_and_in_each_slice(params: Params) -> None:
    result = reported(RIGHT, params)
    assert result["overall"]["accuracy"] == 1
    assert result["slices"]["payment"]["card"]["accuracy"] == 1


def test_a_slice_is_measured_on_its_own_rows(params: Params) -> None:
    scores = np.where((ROWS["country"] == "IT")[:, np.newaxis], 1 - RIGHT, RIGHT)
    region = reported(scores, params)["slices"]["region"]
    assert {name: values["accuracy"] for name, values in region.items()} == {"north": 1, "south": 0}
    assert {name: values["rows"] for name, values in region.items()} == {"north": 5, "south": 3}


def test_a_slice_with_too_few_rows_has_a_size_and_no_metric(params: Params) -> None:
    assert reported(RIGHT, params)["slices"]["payment"]["cash"] == {"rows": 2}


def test_rows_with_a_missing_value_are_a_separate_group(params: Params) -> None:
    rows = ROWS | {"payment": np.array(["card"] * 4 + [""] * 4)}
    result = report(rows, Y, RIGHT, ORDERS, params)
    assert set(result["slices"]["payment"]) == {"card", "missing"}


def test_a_slice_may_group_by_texts_of_any_length(params: Params) -> None:
    schema = replace(ORDERS, columns=(Text("note", "", max_length=9999), *ORDERS.columns))
    schema = replace(schema, slices=(Slice("note", "note"),))
    notes = np.array(["x" * 9999, "short"] * (len(Y) // 2), np.dtypes.StringDType())
    found = report(ROWS | {"note": notes}, Y, RIGHT, schema, params)["slices"]["note"]
    assert {name: group["rows"] for name, group in found.items()} == {
        "x" * 9999: len(Y) // 2,
        "short": len(Y) // 2,
    }
