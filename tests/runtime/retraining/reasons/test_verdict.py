"""The monitor's verdict as a reason to retrain."""

from datetime import date, timedelta
from typing import Any

import pytest
from modelyard.retraining.reasons.verdict import find

NOW = date(2024, 8, 1)


def report(outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "reasons": ["drift: a", "age: b"], "model": {"version": "m"}}


def test_the_monitors_verdict_asks_for_a_run() -> None:
    reason = find(report("retrain"), None, NOW, 7)
    assert (reason.due, reason.why) == (True, "drift: a; age: b")
    assert reason.key == "verdict:m:2024-08-01"


@pytest.mark.parametrize("outcome", ["fine", "incident"])
def test_a_healthy_model_and_an_incident_ask_for_none(outcome: str) -> None:
    assert not find(report(outcome), None, NOW, 7).due


@pytest.mark.parametrize(("days", "due"), [(0, False), (6, False), (7, True)])
def test_after_a_run_the_verdict_asks_for_nothing_for_a_while(days: int, due: bool) -> None:
    assert find(report("retrain"), NOW, NOW + timedelta(days=days), 7).due is due
