"""The calendar and the monitor's verdict as reasons to retrain."""

from datetime import date, timedelta
from typing import Any

import pytest
from modelyard.registry.events import first
from modelyard.retraining.reasons import calendar, verdict

LAST, NOW = date(2024, 5, 1), date(2024, 8, 1)


def test_a_day_before_its_time_nothing_is_due() -> None:
    reason = calendar(LAST, LAST + timedelta(days=29), 30)
    assert (reason.due, reason.why) == (False, "next on 2024-05-31 (every_days is 30)")


def test_on_its_day_a_run_is_due() -> None:
    reason = calendar(LAST, LAST + timedelta(days=30), 30)
    assert (reason.due, reason.key) == (True, "calendar:2024-05-31")


def test_of_missed_days_one_run_is_made_up_for() -> None:
    late = LAST + timedelta(days=95)
    assert calendar(LAST, late, 30).due
    assert not calendar(late, late + timedelta(days=29), 30).due


def report(outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "reasons": ["drift: a", "age: b"], "model": {"version": "m"}}


def test_the_monitors_verdict_asks_for_a_run() -> None:
    reason = verdict(report("retrain"), None, NOW, 7)
    assert (reason.due, reason.why) == (True, "drift: a; age: b")
    assert reason.key == "verdict:m:2024-08-01"


@pytest.mark.parametrize("outcome", ["fine", "incident"])
def test_a_healthy_model_and_an_incident_ask_for_none(outcome: str) -> None:
    assert not verdict(report(outcome), None, NOW, 7).due


@pytest.mark.parametrize(("days", "due"), [(0, False), (6, False), (7, True)])
def test_after_a_run_the_verdict_asks_for_nothing_for_a_while(days: int, due: bool) -> None:
    assert verdict(report("retrain"), NOW, NOW + timedelta(days=days), 7).due is due


def test_of_many_names_the_first_are_named_and_the_others_counted() -> None:
    assert first(["a", "b", "c"]) == "a, b, c"
    assert first(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
