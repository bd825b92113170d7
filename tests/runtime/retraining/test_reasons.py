"""Calendar and monitor's verdict as reasons to retrain."""

from datetime import date, timedelta
from typing import Any

import pytest
from modelyard.console import listed
from modelyard.retraining.reasons import calendar, verdict

LAST, NOW = date(2024, 5, 1), date(2024, 8, 1)


def test_the_day_before_the_next_run_nothing_is_due() -> None:
    reason = calendar(LAST, LAST + timedelta(days=29), 30)
    assert (reason.due, reason.why) == (False, "next on 2024-05-31 (every_days is 30)")


def test_on_the_day_of_the_next_run_it_is_due() -> None:
    reason = calendar(LAST, LAST + timedelta(days=30), 30)
    assert (reason.due, reason.key) == (True, "calendar:2024-05-31")


def test_missed_runs_lead_to_one_run() -> None:
    late = LAST + timedelta(days=95)
    assert calendar(LAST, late, 30).due
    assert not calendar(late, late + timedelta(days=29), 30).due


def test_rows_that_a_run_has_trained_on_are_the_same_reason() -> None:
    first, later = (calendar(LAST, NOW + timedelta(days=n), 30, date(2024, 7, 1)) for n in (0, 30))
    assert first.due
    assert not later.unless_handled([first.key]).due
    assert later.unless_handled([calendar(LAST, NOW, 30, date(2024, 6, 30)).key]).due


@pytest.mark.parametrize(("days", "due"), [(365, True), (366, False), (4000, False)])
def test_a_source_that_has_stopped_gives_nothing_to_train_on(days: int, due: bool) -> None:
    reason = calendar(LAST, NOW, 30, NOW - timedelta(days=days))
    assert reason.due is due
    assert due or reason.why.startswith("nothing to train on: the newest row is of 20")


def report(outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "reasons": ["drift: a", "age: b"], "model": {"version": "m"}}


def test_the_verdict_retrain_is_due() -> None:
    reason = verdict(report("retrain"), None, NOW, 7)
    assert (reason.due, reason.why) == (True, "drift: a; age: b")
    assert reason.key == "verdict:m:2024-08-01"


@pytest.mark.parametrize("outcome", ["fine", "incident"])
def test_the_verdicts_fine_and_incident_are_not_due(outcome: str) -> None:
    assert not verdict(report(outcome), None, NOW, 7).due


@pytest.mark.parametrize(("days", "due"), [(0, False), (6, False), (7, True)])
def test_the_verdict_is_not_due_during_the_cool_down(days: int, due: bool) -> None:
    assert verdict(report("retrain"), NOW, NOW + timedelta(days=days), 7).due is due


def test_listed_joins_three_names_and_counts_the_others() -> None:
    assert listed(["a", "b", "c"], 3) == "a, b, c"
    assert listed(["a", "b", "c", "d", "e"], 3) == "a, b, c and 2 more"
