"""The monitored model is the one that serves, and records of other models are reported."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from flight_delays.schema import SCHEMA
from modelyard.monitoring.compare import Model, compare
from modelyard.monitoring.findings import Finding, find_version
from modelyard.monitoring.records import Records

from tests.runtime.monitored import LIMITS, METRIC, TRAINED

SINCE = date(2024, 5, 10)


def find(rows: dict[str, int], later: dict[str, int]) -> Finding:
    return find_version("aaa", Counter(rows), Counter(later), SINCE)


@pytest.mark.parametrize(
    ("rows", "later", "status"),
    [
        ({"aaa": 100}, {"aaa": 9}, "fine"),
        ({"aaa": 60, "bbb": 40}, {"aaa": 60}, "fine"),
        ({"aaa": 10, "bbb": 90}, {"aaa": 10}, "unknown"),  # it was promoted lately
        ({"bbb": 90}, {}, "unknown"),
        ({}, {}, "unknown"),
        ({"aaa": 90, "bbb": 11}, {"aaa": 10, "bbb": 11}, "bad"),
        ({"aaa": 90, "bbb": 10}, {"aaa": 10, "bbb": 10}, "fine"),  # a canary with half of them
        ({"aaa": 90, "bbb": 6, "ccc": 5}, {"aaa": 10, "bbb": 6, "ccc": 5}, "bad"),
    ],
)
def test_most_rows_of_other_models_are_bad_only_after_the_models_first_day(
    rows: dict[str, int], later: dict[str, int], status: str
) -> None:
    assert find(rows, later).status == status


def test_the_most_frequent_other_model_is_named_with_the_number_of_rows() -> None:
    found = find({"aaa": 90, "bbb": 4, "ccc": 6}, {})
    assert found.reason == "10 of 100 rows are of other models, most often ccc"


def scored_by_another(healthy: Records, day: date) -> Records:
    """Return the window of a day as if another model had scored it, with inverted labels."""
    count = len(healthy)
    days, versions = np.full(count, day, "datetime64[D]"), np.full(count, "another")
    return replace(healthy, labels=healthy.labels[::-1].copy(), versions=versions, days=days)


@pytest.mark.parametrize(("late", "code"), [(1, 20), (0, 0)])
def test_a_model_that_does_not_serve_what_the_registry_says_is_an_incident(
    late: int, code: int, healthy: Records, model: Model
) -> None:
    now = TRAINED + timedelta(days=5)
    records = scored_by_another(healthy, now)
    served = replace(model, since=now - timedelta(days=late), source="v0.2.0, which serves prod")
    limits = LIMITS.model_copy(update={"floors": {METRIC: 0.0}})
    report = compare(records, now, served, now, SCHEMA, limits)
    assert report["exit_code"] == code
    assert any(f"{len(healthy):,} of {len(healthy):,}" in reason for reason in report["reasons"])
    assert report["model"]["source"] == "v0.2.0, which serves prod"
