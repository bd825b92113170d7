"""Faults in a window of real rows, and what is then due."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.monitoring.compare import Model, compare
from modelyard.monitoring.params import Monitoring
from modelyard.monitoring.records import Recorded
from modelyard.params import read_params
from modelyard.schema.columns import Category, Number

from tests.runtime.monitored import LIMITS, METRIC, TRAINED

LATER, OLD = TRAINED + timedelta(days=40), TRAINED + timedelta(days=91)
NUMBERS = [column.name for column in SCHEMA.columns if isinstance(column, Number)]
CATEGORIES = [column.name for column in SCHEMA.columns if isinstance(column, Category)]
FAR_OFF = [*((name, 1e9) for name in NUMBERS), *((name, "never seen") for name in CATEGORIES)]


def told(
    recorded: Recorded,
    model: Model,
    as_of: date = LATER,
    newest: date | None = None,
    **limits: Any,
) -> dict[str, Any]:
    within = LIMITS.model_copy(update=limits)
    return compare(recorded, newest or as_of, model, as_of, SCHEMA, within)


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {finding["topic"]: finding["status"] for finding in report["findings"]}


def moved(recorded: Recorded, name: str, value: Any) -> Recorded:
    """Give the window with a column that holds something else."""
    return replace(recorded, rows=recorded.rows | {name: np.full(len(recorded), value)})


def shifted(recorded: Recorded) -> Recorded:
    """Give the window with one column far off."""
    return moved(recorded, *FAR_OFF[0])


def mislabelled(recorded: Recorded) -> Recorded:
    """Give the window with the labels of other rows."""
    return replace(recorded, labels=np.random.default_rng(5).permutation(recorded.labels))


def test_a_healthy_window_is_fine_in_every_respect(healthy: Recorded, model: Model) -> None:
    report = told(healthy, model, floors={METRIC: 1e9})
    assert set(statuses(report).values()) == {"fine"}
    assert (report["outcome"], report["exit_code"], report["reasons"]) == ("fine", 0, [])


@pytest.mark.parametrize(("name", "value"), FAR_OFF)
def test_drift_names_the_column_that_moved_and_no_other(
    name: str, value: Any, healthy: Recorded, model: Model
) -> None:
    report = told(moved(healthy, name, value), model)
    assert report["drifted"] == [name]
    assert f"drift: {name} " in report["reasons"][0]


def test_drift_names_the_score_that_moved(healthy: Recorded, model: Model) -> None:
    spoilt = replace(healthy, scores=np.repeat(healthy.scores[:1], len(healthy), axis=0))
    assert {*told(spoilt, model)["drifted"]} == {*model.reference["scores"]}


def test_drift_alone_does_not_ask_for_retraining(healthy: Recorded, model: Model) -> None:
    report = told(shifted(healthy), model)
    assert statuses(report) | {"floors": ""} == {
        **dict.fromkeys(("feed", "records", "quality", "age"), "fine"),
        "drift": "bad",
        "floors": "",
    }
    assert (report["outcome"], report["exit_code"]) == ("fine", 0)


def test_wrong_labels_are_seen_as_lower_quality(healthy: Recorded, model: Model) -> None:
    report = told(mislabelled(healthy), model)
    assert statuses(report)["quality"] == "bad"
    assert report["outcome"] == "fine"


def test_drift_and_lower_quality_ask_for_retraining(healthy: Recorded, model: Model) -> None:
    report = told(shifted(mislabelled(healthy)), model)
    assert (report["outcome"], report["exit_code"]) == ("retrain", 10)
    assert [reason.partition(":")[0] for reason in report["reasons"]] == ["drift", "quality"]


def test_drift_and_age_ask_for_retraining_from_the_day_after_the_limit(
    healthy: Recorded, model: Model
) -> None:
    assert told(shifted(healthy), model, OLD - timedelta(days=1))["exit_code"] == 0
    assert told(shifted(healthy), model, OLD)["exit_code"] == 10


def test_age_alone_does_not_ask_for_retraining(healthy: Recorded, model: Model) -> None:
    report = told(healthy, model, OLD)
    assert (statuses(report)["age"], report["exit_code"]) == ("bad", 0)


def test_nothing_is_asked_for_until_the_cool_down_is_over(healthy: Recorded, model: Model) -> None:
    spoilt = shifted(mislabelled(healthy))
    over = TRAINED + timedelta(days=30)
    early = told(spoilt, model, over - timedelta(days=1))
    assert (early["outcome"], early["exit_code"]) == ("fine", 0)
    assert early["reasons"][0] == f"retraining would be due, but not before {over}"
    assert told(spoilt, model, over)["outcome"] == "retrain"


def test_a_metric_below_its_floor_is_an_incident(healthy: Recorded, model: Model) -> None:
    report = told(shifted(mislabelled(healthy)), model, floors={METRIC: 0.0})
    assert (report["outcome"], report["exit_code"]) == ("incident", 20)
    assert report["reasons"][0].startswith(f"floors: {METRIC} ")


def test_silence_is_an_incident_from_the_day_after_the_limit(
    healthy: Recorded, model: Model
) -> None:
    assert told(healthy, model, newest=LATER - timedelta(days=7))["exit_code"] == 0
    assert told(healthy, model, newest=LATER - timedelta(days=8))["exit_code"] == 20


def test_too_few_labels_are_unknown_and_neither_fine_nor_bad(
    healthy: Recorded, model: Model
) -> None:
    for window in (healthy, mislabelled(healthy)):
        few = replace(window, labels=np.where(np.arange(len(window)) < 9, window.labels, np.nan))
        report = told(few, model, floors={METRIC: 0.0})
        assert {statuses(report)[topic] for topic in ("quality", "floors")} == {"unknown"}
        assert report["exit_code"] == 0


def test_too_few_rows_are_unknown(healthy: Recorded, model: Model) -> None:
    report = told(shifted(healthy), model, OLD, min_rows=len(healthy) + 1)
    assert {statuses(report)[topic] for topic in ("records", "drift")} == {"unknown"}
    assert report["exit_code"] == 0


def test_what_another_model_said_does_not_count_as_this_ones_quality(
    healthy: Recorded, model: Model
) -> None:
    other = replace(mislabelled(healthy), versions=np.full(len(healthy), "another"))
    report = told(other, model)
    assert (report["labels"], report["metrics"], report["timeline"]) == (0, {}, [])
    assert report["versions"] == {"another": len(healthy)}
    assert statuses(report)["quality"] == "unknown"


def test_lines_that_cannot_be_used_are_an_incident_when_they_are_many(
    healthy: Recorded, model: Model
) -> None:
    few, many = (replace(healthy, broken=Counter(score=n)) for n in (1, 10**6))
    assert told(few, model)["exit_code"] == 0
    report = told(many, model)
    assert report["exit_code"] == 20
    assert report["reasons"][0].endswith("most often for score")


def test_a_limit_for_a_metric_that_the_task_has_not_is_refused(
    healthy: Recorded, model: Model
) -> None:
    for name in ("max_fall", "floors"):
        limits: dict[str, Any] = {name: {"beauty": 1.0}}
        with pytest.raises(UserError, match=rf"monitoring\.{name} names 'beauty', allowed are "):
            told(healthy, model, **limits)


def test_a_day_before_the_models_own_is_refused(healthy: Recorded, model: Model) -> None:
    with pytest.raises(UserError, match="AS_OF is 2024-04-30, allowed is the day of the model"):
        told(healthy, model, TRAINED - timedelta(days=1))


def test_fifty_healthy_windows_raise_no_alarm(healthy: Recorded, model: Model) -> None:
    limits = read_params().section(Monitoring).model_copy(update={"cool_down_days": 0})
    count, draw = max(limits.min_rows, limits.min_labels), np.random.default_rng(3)
    windows = [drawn(healthy, draw.integers(0, len(healthy), count)) for _ in range(50)]
    reports = [compare(one, TRAINED, model, TRAINED, SCHEMA, limits) for one in windows]
    assert [report["reasons"] for report in reports if report["exit_code"]] == []


def drawn(recorded: Recorded, places: np.ndarray) -> Recorded:
    return Recorded(
        {name: values[places] for name, values in recorded.rows.items()},
        recorded.days[places],
        recorded.versions[places],
        recorded.scores[places],
        recorded.labels[places],
        recorded.broken,
    )
