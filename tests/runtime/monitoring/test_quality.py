"""Metrics of measure_labelled rows, and their limits."""

import numpy as np
import pytest
from modelyard.monitoring.findings import (
    find_quality,
    measure_labelled,
    timeline,
)

from tests.runtime.monitored import LIMITS

NAN = float("nan")
WRONG_LAST = np.array([[0.9, 0.1], [0.2, 0.8], [0.9, 0.1], [0.9, 0.1]], np.float32)
LABELS = np.array([0.0, 1.0, NAN, 1.0])
DAYS = np.array(["2024-06-01", "2024-06-01", "2024-06-02", "2024-06-03"], "datetime64[D]")


def test_only_rows_with_a_label_are_measured() -> None:
    assert measure_labelled("binary", WRONG_LAST, LABELS, 0.5)["accuracy"] == pytest.approx(2 / 3)
    assert measure_labelled("binary", WRONG_LAST, np.full(4, NAN), 0.5) == {}


def test_regression_metrics_are_measured() -> None:
    metrics = measure_labelled("regression", np.array([[1.0], [2.0]]), np.array([1.5, 2.0]), 0.5)
    assert metrics["mae"] == pytest.approx(0.25)


def test_a_metric_that_the_labels_do_not_allow_is_unknown() -> None:
    alike = measure_labelled("binary", WRONG_LAST, np.zeros(4), 0.5)
    limits = LIMITS.model_copy(update={"max_fall": {"roc_auc": 0.1}})
    finding = find_quality(alike, 10, {"roc_auc": 0.7}, limits)
    assert finding == ("quality", "unknown", "the labels do not allow roc_auc")


@pytest.mark.parametrize(
    ("metric", "now", "status"),
    [
        ("roc_auc", 0.61, "fine"),
        ("roc_auc", 0.59, "bad"),
        ("log_loss", 0.79, "fine"),
        ("log_loss", 0.81, "bad"),
        ("log_loss", 0.1, "fine"),
    ],
)
def test_a_metric_may_fall_by_max_fall_from_the_test_set(
    metric: str, now: float, status: str
) -> None:
    limits = LIMITS.model_copy(update={"max_fall": {metric: 0.1}})
    assert find_quality({metric: now}, 10, {metric: 0.7}, limits).status == status


def test_without_a_monitored_metric_quality_is_unknown() -> None:
    limits = LIMITS.model_copy(update={"max_fall": {}})
    assert find_quality({}, 10, {}, limits).status == "unknown"


def test_the_timeline_has_a_point_for_each_day() -> None:
    points = timeline("binary", DAYS, WRONG_LAST, LABELS, 0.5)
    assert [(p["from"], p["to"], p["labels"], p["metrics"]["accuracy"]) for p in points] == [
        ("2024-06-01", "2024-06-01", 2, 1.0),
        ("2024-06-03", "2024-06-03", 1, 0.0),
    ]


def test_the_timeline_of_a_single_day_has_one_point_and_without_labels_none() -> None:
    points = timeline("binary", DAYS[:2], WRONG_LAST[:2], LABELS[:2], 0.5)
    assert [(p["from"], p["labels"]) for p in points] == [("2024-06-01", 2)]
    assert timeline("binary", DAYS, WRONG_LAST, LABELS * NAN, 0.5) == []


def test_many_days_are_grouped_into_twelve_periods() -> None:
    days = np.repeat(np.arange("2024-06-01", "2024-07-01", dtype="datetime64[D]"), 4)
    points = timeline("binary", days, np.tile(WRONG_LAST, (30, 1)), np.tile(LABELS, 30), 0.5)
    assert len(points) == 12
    assert sum(point["labels"] for point in points) == 90
    assert (points[0]["from"], points[-1]["to"]) == ("2024-06-01", "2024-06-30")
