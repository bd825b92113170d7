"""Verdicts on a window of real records, healthy or with planted faults."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.monitoring.compare import Model, compare
from modelyard.monitoring.records import Records
from modelyard.params import read_params
from modelyard.params_operation import Monitoring
from modelyard.schema.columns import Category, Number

from tests.runtime.monitored import LIMITS, METRIC, TRAINED

LATER, OLD = TRAINED + timedelta(days=40), TRAINED + timedelta(days=91)
NUMBERS = [column.name for column in SCHEMA.columns if isinstance(column, Number)]
CATEGORIES = [column.name for column in SCHEMA.columns if isinstance(column, Category)]
FAR_OFF = [*((name, 1e9) for name in NUMBERS), *((name, "never seen") for name in CATEGORIES)]


def report_on(
    recorded: Records,
    model: Model,
    as_of: date = LATER,
    newest: date | None = None,
    **limits: Any,
) -> dict[str, Any]:
    within = LIMITS.model_copy(update=limits)
    return compare(recorded, newest or as_of, model, as_of, SCHEMA, within)


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {finding["topic"]: finding["status"] for finding in report["findings"]}


def with_column(recorded: Records, name: str, value: Any) -> Records:
    """Return the window with one value in a whole column."""
    return replace(recorded, rows=recorded.rows | {name: np.full(len(recorded), value)})


def with_drift(recorded: Records) -> Records:
    """Return the window with drift in one column."""
    return with_column(recorded, *FAR_OFF[0])


def with_wrong_labels(recorded: Records) -> Records:
    """Return the window with permuted labels."""
    return replace(recorded, labels=np.random.default_rng(5).permutation(recorded.labels))


def test_a_healthy_window_is_fine_on_every_topic(healthy: Records, model: Model) -> None:
    report = report_on(healthy, model, floors={METRIC: 1e9})
    assert set(statuses(report).values()) == {"fine"}
    assert (report["outcome"], report["exit_code"], report["reasons"]) == ("fine", 0, [])


@pytest.mark.parametrize(("name", "value"), FAR_OFF)
def test_drift_names_only_the_drifted_column(
    name: str, value: Any, healthy: Records, model: Model
) -> None:
    report = report_on(with_column(healthy, name, value), model)
    assert report["drifted"] == [name]
    assert f"drift: {name} " in report["reasons"][0]


def test_drift_names_the_drifted_score(healthy: Records, model: Model) -> None:
    degraded = replace(healthy, scores=np.repeat(healthy.scores[:1], len(healthy), axis=0))
    assert {*report_on(degraded, model)["drifted"]} == {*model.reference["scores"]}


def test_drift_alone_does_not_require_retraining(healthy: Records, model: Model) -> None:
    report = report_on(with_drift(healthy), model)
    assert statuses(report) | {"floors": ""} == {
        **dict.fromkeys(("feed", "records", "version", "quality", "age"), "fine"),
        "drift": "bad",
        "floors": "",
    }
    assert (report["outcome"], report["exit_code"]) == ("fine", 0)


def test_wrong_labels_lower_the_quality(healthy: Records, model: Model) -> None:
    report = report_on(with_wrong_labels(healthy), model)
    assert statuses(report)["quality"] == "bad"
    assert report["outcome"] == "fine"


def test_drift_with_lower_quality_requires_retraining(healthy: Records, model: Model) -> None:
    report = report_on(with_drift(with_wrong_labels(healthy)), model)
    assert (report["outcome"], report["exit_code"]) == ("retrain", 10)
    assert [reason.partition(":")[0] for reason in report["reasons"]] == ["drift", "quality"]


def test_drift_with_age_beyond_the_limit_requires_retraining(
    healthy: Records, model: Model
) -> None:
    assert report_on(with_drift(healthy), model, OLD - timedelta(days=1))["exit_code"] == 0
    assert report_on(with_drift(healthy), model, OLD)["exit_code"] == 10


def test_age_alone_does_not_require_retraining(healthy: Records, model: Model) -> None:
    report = report_on(healthy, model, OLD)
    assert (statuses(report)["age"], report["exit_code"]) == ("bad", 0)


def test_retraining_is_not_due_during_the_cool_down(healthy: Records, model: Model) -> None:
    degraded = with_drift(with_wrong_labels(healthy))
    cool_down_end = TRAINED + timedelta(days=30)
    early = report_on(degraded, model, cool_down_end - timedelta(days=1))
    assert (early["outcome"], early["exit_code"]) == ("fine", 0)
    assert early["reasons"][0] == f"retraining would be due, but not before {cool_down_end}"
    assert report_on(degraded, model, cool_down_end)["outcome"] == "retrain"


def test_a_metric_below_its_floor_is_an_incident(healthy: Records, model: Model) -> None:
    report = report_on(with_drift(with_wrong_labels(healthy)), model, floors={METRIC: 0.0})
    assert (report["outcome"], report["exit_code"]) == ("incident", 20)
    assert report["reasons"][0].startswith(f"floors: {METRIC} ")


def test_a_silent_feed_beyond_the_limit_is_an_incident(healthy: Records, model: Model) -> None:
    assert report_on(healthy, model, newest=LATER - timedelta(days=7))["exit_code"] == 0
    assert report_on(healthy, model, newest=LATER - timedelta(days=8))["exit_code"] == 20


def test_with_too_few_labels_quality_is_unknown(healthy: Records, model: Model) -> None:
    for window in (healthy, with_wrong_labels(healthy)):
        few = replace(window, labels=np.where(np.arange(len(window)) < 9, window.labels, np.nan))
        report = report_on(few, model, floors={METRIC: 0.0})
        assert {statuses(report)[topic] for topic in ("quality", "floors")} == {"unknown"}
        assert report["exit_code"] == 0


def test_with_too_few_rows_drift_is_unknown(healthy: Records, model: Model) -> None:
    report = report_on(with_drift(healthy), model, OLD, min_rows=len(healthy) + 1)
    assert {statuses(report)[topic] for topic in ("records", "drift")} == {"unknown"}
    assert report["exit_code"] == 0


def test_predictions_of_another_model_do_not_count_towards_quality(
    healthy: Records, model: Model
) -> None:
    other = replace(with_wrong_labels(healthy), versions=np.full(len(healthy), "another"))
    report = report_on(other, model)
    assert (report["labels"], report["metrics"], report["timeline"]) == (0, {}, [])
    assert report["versions"] == {"another": len(healthy)}
    assert statuses(report)["quality"] == "unknown"


def test_many_invalid_lines_are_an_incident(healthy: Records, model: Model) -> None:
    few, many = (replace(healthy, broken=Counter(score=n)) for n in (1, 10**6))
    assert report_on(few, model)["exit_code"] == 0
    report = report_on(many, model)
    assert report["exit_code"] == 20
    assert report["reasons"][0].endswith("most often in score")


def test_a_limit_for_an_unknown_metric_is_refused(healthy: Records, model: Model) -> None:
    for name in ("max_fall", "floors"):
        limits: dict[str, Any] = {name: {"beauty": 1.0}}
        with pytest.raises(UserError, match=rf"monitoring\.{name} names 'beauty', allowed are "):
            report_on(healthy, model, **limits)


def test_a_day_before_the_model_is_refused(healthy: Records, model: Model) -> None:
    with pytest.raises(UserError, match="AS_OF is 2024-04-30, must be the model's day"):
        report_on(healthy, model, TRAINED - timedelta(days=1))


def test_fifty_healthy_samples_raise_no_alarm(healthy: Records, model: Model) -> None:
    limits = read_params().section(Monitoring).model_copy(update={"cool_down_days": 0})
    count, draw = max(limits.min_rows, limits.min_labels), np.random.default_rng(3)
    windows = [drawn(healthy, draw.integers(0, len(healthy), count)) for _ in range(50)]
    reports = [compare(one, TRAINED, model, TRAINED, SCHEMA, limits) for one in windows]
    assert [report["reasons"] for report in reports if report["exit_code"]] == []


def drawn(recorded: Records, places: np.ndarray) -> Records:
    return Records(
        {name: values[places] for name, values in recorded.rows.items()},
        recorded.days[places],
        recorded.versions[places],
        recorded.scores[places],
        recorded.labels[places],
        recorded.broken,
    )
