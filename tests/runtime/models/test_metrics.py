import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelyard.console import UserError
from modelyard.models.metrics import (
    LOWER_IS_BETTER,
    get_metric,
    improvement,
    measure,
)

Y = np.array([0, 0, 1, 1])
SCORES = np.array([0.1, 0.6, 0.4, 0.9])
BOTH = np.column_stack([1 - SCORES, SCORES])


def test_two_classes_are_measured_as_computed_by_hand() -> None:
    measured = measure("binary", Y, BOTH, 0.5)
    assert measured == pytest.approx(
        {
            "roc_auc": 0.75,
            "average_precision": (1 + 2 / 3) / 2,
            "log_loss": -np.log([0.9, 0.4, 0.4, 0.9]).mean(),
            "brier": np.mean([0.01, 0.36, 0.36, 0.01]),
            "calibration_error": (0.1 + 0.6 + 0.6 + 0.1) / 4,
            "accuracy": 0.5,
            "precision": 0.5,
            "recall": 0.5,
            "f1": 0.5,
        }
    )


@pytest.mark.parametrize(("threshold", "recall"), [(0.9, 0.5), (0.91, 0.0), (0.4, 1.0), (0, 1.0)])
def test_a_score_at_the_threshold_counts_as_positive(threshold: float, recall: float) -> None:
    assert measure("binary", Y, BOTH.astype(np.float32), threshold)["recall"] == recall


def test_for_one_class_only_defined_metrics_are_computed() -> None:
    measured = measure("binary", np.zeros(4, int), BOTH, 0.5)
    assert {"roc_auc", "average_precision"} & measured.keys() == set()
    assert measured["accuracy"] == 0.5


def test_several_classes_are_measured_as_computed_by_hand() -> None:
    scores = np.array([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.6, 0.3], [0.2, 0.1, 0.7]])
    measured = measure("multiclass", np.array([0, 1, 2, 2]), scores, 0.5)
    assert measured["accuracy"] == 0.75
    assert measured["log_loss"] == pytest.approx(-np.log([0.6, 0.5, 0.3, 0.7]).mean())
    assert measured["f1_macro"] == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert 0.5 < measured["roc_auc"] < 1


def test_without_a_row_of_each_class_there_is_no_ranking() -> None:
    scores = np.array([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3]])
    assert "roc_auc" not in measure("multiclass", np.array([0, 1]), scores, 0.5)


def test_numbers_are_measured_as_computed_by_hand() -> None:
    measured = measure("regression", np.array([1.0, 2.0, 3.0]), np.array([[1.0], [2.0], [5.0]]), 0)
    assert measured == pytest.approx({"r2": -1.0, "rmse": np.sqrt(4 / 3), "mae": 2 / 3})


def test_one_number_has_no_r2() -> None:
    assert set(measure("regression", np.array([1.0]), np.array([[2.0]]), 0)) == {"rmse", "mae"}


def calibration_error(y: np.ndarray, score: np.ndarray) -> float:
    return measure("binary", y, np.column_stack([1 - score, score]), 0.5)["calibration_error"]


def test_calibrated_scores_have_no_calibration_error() -> None:
    assert calibration_error(np.array([0, 1, 1, 1]), np.full(4, 0.75)) == pytest.approx(0)
    assert calibration_error(np.array([0, 0, 0, 0]), np.full(4, 0.75)) == pytest.approx(0.75)


def test_a_score_of_one_has_a_bin() -> None:
    assert calibration_error(np.array([1, 1]), np.ones(2)) == 0


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=50))
def test_the_calibration_error_is_a_share(rows: list[tuple[bool, float]]) -> None:
    y, score = (np.array(values) for values in zip(*rows, strict=True))
    assert 0 <= calibration_error(y.astype(int), score) <= 1


def test_greater_is_better_but_for_errors() -> None:
    assert improvement("roc_auc", 0.75, 0.5) == 0.25
    assert improvement("log_loss", 0.75, 0.5) == -0.25
    assert improvement("rmse", 3, 5) == 2


def test_metrics_that_rise_with_worse_scores_are_errors() -> None:
    worse = measure("binary", Y, BOTH[:, ::-1], 0.5)
    better = measure("binary", Y, BOTH, 0.5)
    grown = {name for name in better if worse[name] > better[name]}
    assert grown == {"log_loss", "brier", "calibration_error"} <= set(LOWER_IS_BETTER)


def test_an_unknown_metric_is_named_with_those_that_exist() -> None:
    with pytest.raises(UserError) as refused:
        get_metric({"rmse": 1.0, "mae": 0.5}, "auc", "gate.floors")
    assert str(refused.value) == "params.yaml: gate.floors names 'auc', allowed are rmse, mae"
