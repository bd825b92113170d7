import numpy as np
import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.models.dataset import to_dataset

from tests.runtime.orders import ORDERS, PROFITS

NAN, INF = float("nan"), float("inf")


def features(**columns: list[float | None]) -> pl.DataFrame:
    return pl.DataFrame({"a": [1.0, 2.0, 3.0], "b": [NAN, 0.0, 5.0], "target": [0, 1, 0]} | columns)


def test_a_valid_table_becomes_float32_features_and_targets() -> None:
    rows = to_dataset(features(), ORDERS, "train")
    np.testing.assert_array_equal(rows.X, np.array([[1, NAN], [2, 0], [3, 5]], np.float32))
    assert (rows.X.dtype, rows.y.tolist()) == (np.float32, [0, 1, 0])


BAD_FEATURES: list[tuple[list[float | None], str]] = [
    ([1.0, INF, 2.0], "feature a is infinite, allowed are finite and missing"),
    ([1.0, -INF, NAN], "feature a is infinite, allowed are finite and missing"),
    ([NAN, NAN, NAN], "feature a is missing in every row"),
]


@pytest.mark.parametrize(("values", "message"), BAD_FEATURES)
def test_an_unusable_feature_is_named(values: list[float | None], message: str) -> None:
    with pytest.raises(UserError, match=f"train: {message}"):
        to_dataset(features(a=values), ORDERS, "train")


def test_a_class_without_rows_is_named() -> None:
    with pytest.raises(UserError, match=r"train: no row has the fate returned"):
        to_dataset(features(target=[0, 0, 0]), ORDERS, "train")


def test_a_number_that_is_the_same_in_all_rows_is_named() -> None:
    with pytest.raises(UserError, match="train: the target is 5 in every row"):
        to_dataset(features(target=[5.0, 5.0, 5.0]), PROFITS, "train")


@pytest.mark.parametrize("target", [[1.0, None, 2.0], [1.0, NAN, 2.0]])
def test_missing_targets_are_counted(target: list[float | None]) -> None:
    with pytest.raises(UserError, match="train: the target is missing in 1 rows"):
        to_dataset(features(target=target), PROFITS, "train")


def test_no_rows_are_refused() -> None:
    with pytest.raises(UserError, match="train has no rows"):
        to_dataset(features().clear(), ORDERS, "train")
