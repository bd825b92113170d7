"""The calendar as a reason to retrain."""

from datetime import date, timedelta

from modelyard.retraining.reasons.calendar import find

LAST = date(2024, 5, 1)


def test_a_day_before_its_time_nothing_is_due() -> None:
    reason = find(LAST, LAST + timedelta(days=29), 30)
    assert (reason.due, reason.why) == (False, "next on 2024-05-31 (every_days is 30)")


def test_on_its_day_a_run_is_due() -> None:
    reason = find(LAST, LAST + timedelta(days=30), 30)
    assert (reason.due, reason.key) == (True, "calendar:2024-05-31")


def test_of_missed_days_one_run_is_made_up_for() -> None:
    late = LAST + timedelta(days=95)
    assert find(LAST, late, 30).due
    assert not find(late, late + timedelta(days=29), 30).due
