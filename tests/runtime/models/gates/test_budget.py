import time

import numpy as np
import pytest
from flight_delays.schema import SCHEMA
from modelyard.models.gates.budget import budget_checks, lower_half_median, repeat_rows, time_ratio
from modelyard.models.gates.check import table_row
from modelyard.params_sections import Budget
from modelyard.schema.contract import Classes, Quantity
from modelyard.serving.predictor import Predictor, to_rows

from examples import ROWS


@pytest.mark.parametrize(("name", "place"), [("bytes", 0), ("row", 1), ("thousand_rows", 2)])
def test_each_budget_refuses_what_exceeds_it(name: str, place: int, predictor: Predictor) -> None:
    ample = {"bytes": 10**9, "row": 1e9, "thousand_rows": 1e9}
    asked = Budget.model_validate(ample | {name: 1 if name == "bytes" else 1e-9})
    checks = budget_checks(predictor.scorer, 1000, to_rows(ROWS, SCHEMA), asked)
    assert [place for place, check in enumerate(checks) if check.refuses] == [place]


def test_a_thousand_rows_take_longer_than_one(predictor: Predictor) -> None:
    ample = Budget(bytes=10**9, row=1e9, thousand_rows=1e9)
    (_, row, thousand) = budget_checks(predictor.scorer, 1000, to_rows(ROWS, SCHEMA), ample)
    assert (thousand.value or 0) > 3 * (row.value or 0)


def test_ten_times_the_time_gives_ten_times_the_ratio() -> None:
    assert 7 < time_ratio(lambda: time.sleep(0.01), lambda: time.sleep(0.001)) < 11


def test_short_disturbances_do_not_change_the_ratio() -> None:
    assert lower_half_median([1.0, 1.0, 50.0, 1.0, 90.0]) == 1.0


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_rows_are_repeated(count: int) -> None:
    rows = repeat_rows({"a": np.array([1.0, 2.0]), "b": np.array(["x", "y"])}, count)
    assert [len(values) for values in rows.values()] == [count, count]


def test_latencies_are_not_in_the_report() -> None:
    ample = Budget(bytes=10**9, row=1e9, thousand_rows=1e9)
    (_, row, _) = budget_checks(Instant(), 1000, {"a": np.zeros(1)}, ample)  # type: ignore[arg-type]
    assert table_row(row) == ("ok", "budget: time of a row", "within", "1000000000.0000")


@pytest.mark.parametrize(("classes", "share"), [(2, 1.0), (3, 1.5), (20, 10.0)])
def test_the_time_limits_grow_with_the_classes(classes: int, share: float) -> None:
    limits = Budget(bytes=10**9, row=1.0, thousand_rows=20.0)
    scorer = Instant(tuple(f"class {number}" for number in range(classes)))
    found = budget_checks(scorer, 1000, {"a": np.zeros(1)}, limits)  # type: ignore[arg-type]
    assert [check.limit for check in found] == [10**9, share * 1.0, share * 20.0]


def test_the_time_limits_of_a_number_are_those_of_two_classes() -> None:
    scorer = Instant(())
    limits = Budget(bytes=10**9, row=1.0, thousand_rows=20.0)
    found = budget_checks(scorer, 1000, {"a": np.zeros(1)}, limits)  # type: ignore[arg-type]
    assert found[2].limit == 20.0


class Instant:
    def __init__(self, values: tuple[str, ...] = ("no", "yes")) -> None:
        self.target = Classes("y", "", values) if values else Quantity("y", "")

    def predict(self, rows: object) -> None:
        """Predict nothing."""
