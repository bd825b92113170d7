"""The page and the JSON of the delivery metrics."""

import json
import re
from datetime import timedelta

import pytest

from modelyard_lifecycle.delivery.history import Deployment, History
from modelyard_lifecycle.delivery.measure import measure
from modelyard_lifecycle.delivery.page import page
from modelyard_lifecycle.delivery.record import record
from modelyard_lifecycle.delivery.texts import duration, rate
from tests.lifecycle.delivery.histories import END, START, deployment, history


def year() -> History:
    """A deployment each ten days; the third was rolled back; an incident is open."""
    deployed: list[Deployment] = [
        deployment(n, n * 240, commits=[n * 240 - 24]) for n in range(1, 30)
    ]
    return history(deployed, [("rollback", 2, 730)], [("monitor", 20, 8000)])


def test_the_page_has_all_metrics_and_loads_nothing() -> None:
    text = page("<flights>", measure(year(), START, END))
    assert "&lt;flights&gt;" in text
    assert not re.search(r"<script|src=|href=|url\(", text)
    for words in ("deployment frequency", "lead time for changes", "time to restore", "1.0 days"):
        assert words in text
    assert "not enough (1 of 5)" not in text
    assert "open incident: rollback since 2026-01-31 10:00 UTC" in text


def test_failed_deployments_are_bars_of_another_colour() -> None:
    text = page("p", measure(year(), START, END))
    assert text.count('class="fault"') == 1
    assert (
        "fault"
        not in page("p", measure(history([deployment(1, 5)]), START, END)).partition("<svg")[2]
    )


@pytest.mark.parametrize("days", [1, 6, 7, 59, 365, 3660])
def test_a_window_of_any_length_has_at_most_sixty_bars(days: int) -> None:
    deployed = [deployment(n, n * 12.0) for n in range(1, 60)]
    text = page("p", measure(history(deployed), START, START + timedelta(days=days)))
    assert 1 <= text.count("<rect") <= 60


def test_the_json_has_times_in_utc_and_null_below_five_events() -> None:
    found = record("p", measure(history([deployment(1, 5)]), START, END))
    assert json.loads(json.dumps(found)) == found
    assert found["deployments"][0]["served"] == "2026-01-01T05:00:00+00:00"
    assert [one["value"] for one in found["metrics"]] == [None] * 4


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (59, "59 seconds"),
        (60, "1.0 minutes"),
        (5400, "1.5 hours"),
        (86400, "1.0 days"),
    ],
)
def test_a_duration_is_in_the_largest_unit(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("per_day", "text"), [(2, "2.0 a day"), (1 / 7, "1.0 a week"), (1 / 30, "1.0 a month")]
)
def test_a_rate_is_in_the_shortest_period_with_one(per_day: float, text: str) -> None:
    assert rate(per_day) == text
