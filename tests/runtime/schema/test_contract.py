from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from modelyard.schema.columns import Number, Text, Timestamp
from modelyard.schema.contract import (
    Classes,
    Quantity,
    Slice,
)

from tests.runtime.orders import COLUMNS, FATE, ORDERS

MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"columns": (*COLUMNS, Number("price", "again"))}, r"\['price'\] is declared twice"),
    ({"columns": (*COLUMNS, Text("fate", "the target"))}, "fate is declared twice"),
    ({"key": "number"}, "unknown column number, known are order, placed"),
    ({"key": "price"}, "key price is a required Number, allowed is a required Text"),
    (
        {"columns": (*COLUMNS, Text("code", "", False)), "key": "code"},
        "key code is an optional Text, allowed is a required",
    ),
    ({"time": "payment"}, "time payment is a required Category, allowed is a required Timestamp"),
    (
        {"columns": (*COLUMNS, Timestamp("sent", "", False)), "time": "sent"},
        "time sent is an optional",
    ),
    ({"slices": (Slice("colour", "colour"),)}, "unknown column colour"),
    ({"slices": (Slice("costs", "price"),)}, "costs groups by price, a Number, allowed is a Cat"),
    ({"slices": ("payment",)}, "slices holds 'payment', allowed is a tuple of Slice"),
    ({"columns": list(COLUMNS)}, "columns holds a list, allowed is a tuple of columns"),
    ({"columns": (*COLUMNS, "size")}, "columns holds 'size', allowed is a tuple of columns"),
]


@pytest.mark.parametrize(("change", "message"), MISTAKES)
def test_an_invalid_schema_is_refused_with_a_reason(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ORDERS, **change)


@pytest.mark.parametrize("values", [(), ("a",), ("a", "b", "a"), ("a", ""), (0, 1)])
def test_classes_that_are_not_two_or_more_different_texts_are_refused(values: Any) -> None:
    with pytest.raises(ValueError, match=r"classes of fate are .* allowed are two or more"):
        Classes("fate", "", values=values)


def test_the_target_decides_the_task() -> None:
    assert FATE.task == "binary"
    assert Classes("size", "", values=("S", "M", "L")).task == "multiclass"
    assert Quantity("profit", "").task == "regression"


CHANGES: list[dict[str, Any]] = [
    {"columns": COLUMNS[:-1]},
    {"columns": COLUMNS[::-1]},
    {"columns": (*COLUMNS[:-1], replace(COLUMNS[-1], required=True))},
    {"columns": (*COLUMNS[:-1], replace(COLUMNS[-1], max=90))},
    {"target": Classes("fate", "", values=("returned", "kept"))},
    {"target": Quantity("fate", "")},
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_hash_changes_with_each_rule(change: dict[str, Any]) -> None:
    assert replace(ORDERS, **change).hash != ORDERS.hash


def test_the_hash_is_that_of_earlier_releases_so_that_their_models_still_serve() -> None:
    assert ORDERS.hash == "536d3bf0e3a4"


def test_the_hash_of_equal_schemas_is_equal() -> None:
    assert replace(ORDERS).hash == ORDERS.hash
    assert len(ORDERS.hash) == 12


def test_a_slice_without_groups_has_a_group_for_each_value() -> None:
    rows = {"payment": np.array(["card", "cash", ""])}
    assert Slice("payment", "payment").assign_groups(rows).tolist() == ["card", "cash", ""]


def test_a_slice_with_groups_puts_all_other_values_into_the_rest() -> None:
    south = Slice("region", "country", groups={"south": ("IT", "ES")}, rest="north")
    rows = {"country": np.array(["IT", "FR", "ES", "xx", ""])}
    assert south.assign_groups(rows).tolist() == ["south", "north", "south", "north", "north"]


def test_the_description_names_target_columns_and_hash() -> None:
    described = ORDERS.describe()
    assert described["target"] == {
        "name": "fate",
        "task": "binary",
        "classes": ["kept", "returned"],
    }
    assert [column["name"] for column in described["columns"]] == ORDERS.names
    assert described["hash"] == ORDERS.hash
