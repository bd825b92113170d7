import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.data.validate import check_rejected_share, judge
from modelyard.data.violations import Violation, summarize

from tests.runtime.orders import ORDERS, PROFITS, orders


def test_valid_rows_are_separated_from_rejected_rows() -> None:
    verdict = judge(orders(4, price=[1.0, -1.0, 2.0, 2000.0]), ORDERS)
    assert verdict.good["order"].to_list() == ["A0", "A2"]
    assert verdict.rejected["order"].to_list() == ["A1", "A3"]


def test_a_violation_names_row_column_value_and_what_is_allowed() -> None:
    verdict = judge(orders(3, price=[1.0, -1.0, 2.0]), ORDERS)
    assert verdict.faults == [Violation(1, "price", -1.0, "a finite number from 0 to 1000 €")]
    assert str(verdict.faults[0]) == (
        "row 1: price is -1.0, allowed is a finite number from 0 to 1000 €"
    )


def test_each_bad_value_of_a_row_is_a_violation_of_its_own() -> None:
    verdict = judge(orders(2, price=[1.0, None], payment=["card", "shells"]), ORDERS)
    assert [(v.row, v.column, v.found) for v in verdict.faults] == [
        (1, "payment", "shells"),
        (1, "price", None),
    ]


def test_rejected_rows_keep_their_original_values() -> None:
    verdict = judge(orders(2, price=["far", "1.5"]), ORDERS, parse_texts=True)
    assert verdict.rejected["price"].to_list() == ["far"]
    assert verdict.good["price"].to_list() == [1.5]


def test_a_number_as_text_is_a_violation_unless_texts_are_parsed() -> None:
    verdict = judge(orders(2, price=["1", "2"]), ORDERS)
    assert [(v.column, v.found) for v in verdict.faults] == [
        ("price", "1"),
        ("price", "2"),
    ]


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(UserError, match=r"column payment, price is missing, found: order, placed"):
        judge(orders(2).drop("payment", "price"), ORDERS)


def test_a_missing_target_column_is_named() -> None:
    with pytest.raises(UserError, match="target column fate is missing"):
        judge(orders(2).drop("fate"), ORDERS)


def test_the_target_is_not_required_for_prediction() -> None:
    assert judge(orders(2).drop("fate"), ORDERS, labelled=False).faults == []


def test_a_label_that_is_not_known_is_a_violation_and_a_missing_one_is_none() -> None:
    verdict = judge(orders(3, fate=["lost", None, "kept"]), ORDERS)
    assert verdict.faults == [Violation(0, "fate", "lost", "one of kept, returned")]


@pytest.mark.parametrize("found", [0, True, 1.5])
def test_a_label_of_another_type_than_text_is_a_violation(found: object) -> None:
    assert judge(orders(1, fate=[found]), ORDERS).faults == [
        Violation(0, "fate", found, "one of kept, returned")
    ]


@pytest.mark.parametrize("found", ["much", True, float("inf"), float("nan")])
def test_a_target_that_is_no_finite_number_is_a_violation(found: object) -> None:
    violations = judge(orders(1, profit=[found]), PROFITS).faults
    assert [(v.column, v.allowed) for v in violations] == [("profit", "a finite number")]


def test_an_integer_is_a_valid_target_and_a_missing_one_is_no_violation() -> None:
    assert judge(orders(2, profit=[3, None]), PROFITS).faults == []


def test_a_share_of_rejected_rows_at_the_limit_passes() -> None:
    check_rejected_share(judge(orders(4, price=[-1.0, 1.0, 1.0, 1.0]), ORDERS), 0.25)


def test_a_share_of_rejected_rows_above_the_limit_is_refused_with_counts_and_examples() -> None:
    verdict = judge(orders(4, price=[-1.0, 1.0, -2.0, 1.0]), ORDERS)
    with pytest.raises(UserError) as refused:
        check_rejected_share(verdict, 0.25)
    assert str(refused.value).splitlines() == [
        "2 of 4 rows (50.0%) break the schema, allowed are 25.0% "
        "(params.yaml: data.max_rejected_share)",
        "  price: 2 not a finite number from 0 to 1000 € (row 0: -1.0, row 2: -2.0)",
    ]


def test_a_summary_starts_with_the_worst_column_and_shows_at_most_three_examples() -> None:
    five = [Violation(row, "a", row, "none") for row in range(5)]
    assert summarize([Violation(9, "b", 0, "none"), *five]).splitlines() == [
        "  a: 5 not none (row 0: 0, row 1: 1, row 2: 2)",
        "  b: 1 not none (row 9: 0)",
    ]


def test_a_table_without_violations_is_valid() -> None:
    table = orders(4)
    verdict = judge(table, ORDERS)
    assert verdict.rejected.height == 0
    assert verdict.good.select(pl.exclude("weight")).equals(table.select(pl.exclude("weight")))
