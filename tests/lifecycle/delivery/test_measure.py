"""The four metrics of histories worked out by hand."""

from datetime import timedelta

import pytest

from modelyard_lifecycle.delivery.history import PIPELINE, History
from modelyard_lifecycle.delivery.measure import Metric, measure
from tests.lifecycle.delivery.histories import END, START, at, deployment, history, training

DAY = 24.0


def metrics(found: History, days: int = 365) -> dict[str, Metric]:
    """Return the metrics of a window from the start, by name."""
    measured = measure(found, START, START + timedelta(days=days))
    return {one.name.split()[0]: one for one in measured.metrics}


def test_two_rollbacks_of_ten_deployments_are_a_failure_rate_of_a_fifth() -> None:
    deployed = [deployment(n, n * 30.0) for n in range(1, 11)]
    back = [("rollback", 3, 4 * 30.0 + 1), ("rollback", 7, 8 * 30.0 + 1)]
    found = metrics(history(deployed, back), days=14)
    assert (found["change"].value, found["change"].count) == (0.2, 10)
    assert found["change"].details["rolled back"] == 2
    assert found["change"].band == "between medium and low"
    assert found["deployment"].value == pytest.approx(10 / 14)
    assert found["deployment"].band == "high"


@pytest.mark.parametrize("name", ["deployment", "lead", "time", "change"])
def test_with_four_events_there_is_no_figure(name: str) -> None:
    deployed = [deployment(n, n * DAY, commits=[n * DAY - 5]) for n in range(1, 5)]
    back = [("rollback", n - 1, n * DAY + 1) for n in range(2, 5)]
    found = metrics(history(deployed, back))[name]
    assert (found.value, found.band) == (None, "")


def test_a_fifth_event_gives_a_figure() -> None:
    deployed = [deployment(n, n * DAY, commits=[n * DAY - 5]) for n in range(1, 6)]
    found = metrics(history(deployed))
    assert found["lead"].value == 5 * 3600
    assert found["lead"].band == "elite"
    assert found["change"].value == 0.0


def test_a_refused_candidate_is_no_failure_and_no_restored_service() -> None:
    deployed = [deployment(n, n * DAY) for n in range(1, 6)]
    canary = [("canary rest", 20, 3 * DAY + 1), ("canary rest", 0, 3 * DAY + 9)]
    found = measure(history(deployed, verdicts=canary), START, END)
    assert [one.rule for one in found.incidents] == ["canary"]
    assert [why for _, why in found.deployments] == [""] * 5
    assert next(one for one in found.metrics if one.unit == "share").value == 0.0
    assert found.metrics[2].count == 0


@pytest.mark.parametrize(
    ("hours", "why"), [(1, "incident"), (7 * DAY - 1, "incident"), (7 * DAY, "")]
)
def test_an_incident_counts_for_seven_days(hours: float, why: str) -> None:
    found = history([deployment(1, 0)], verdicts=[("monitor", 20, hours)])
    assert [one for _, one in measure(found, START, END).deployments] == [why]


def test_an_incident_counts_against_the_version_that_serves() -> None:
    found = history([deployment(1, 0), deployment(2, 10)], verdicts=[("monitor", 20, 12)])
    assert [one for _, one in measure(found, START, END).deployments] == ["", "incident"]


def test_a_quarantined_version_has_failed() -> None:
    found = history([deployment(1, 0), deployment(2, 10)], [("quarantine", 1, 500)])
    assert [one for _, one in measure(found, START, END).deployments] == ["quarantined", ""]


def test_the_lead_time_has_four_parts_that_add_up() -> None:
    more = {"registered": at(10), "training": training(10, 3600, "schedule")}
    deployed = [deployment(n, 15, commits=[1, 5], served=at(18), **more) for n in range(1, 6)]
    details = metrics(history(deployed))["lead"].details
    hours = {
        name: (details[name] or 0) / 3600
        for name in ("exploration", "training", "waiting", "manual steps")
    }
    assert hours == {"exploration": 4, "training": 1, "manual steps": 5, "waiting": 7}
    assert sum(hours.values()) == 17
    assert details["promotions by a person"] == 5


def test_a_pipelines_promotion_is_no_manual_step() -> None:
    deployed = [deployment(n, 15.0 * n, commits=[1], by=PIPELINE) for n in range(1, 6)]
    found = metrics(history(deployed))
    assert found["deployment"].details["share without a person"] == 1.0
    assert found["lead"].details["promotions by a person"] == 0
    assert found["lead"].details["manual steps"] == 0


def test_time_to_restore_is_apart_by_rollback_and_retraining() -> None:
    verdicts: list[tuple[str, int, float]] = []
    others: list[tuple[str, int, float]] = []
    deployed = [deployment(1, 0)]
    for n in range(5):
        start = 100.0 * (n + 1)
        verdicts += [("monitor", 20, start), ("monitor", 0, start + 2)]
        others.append(("rollback", 1, start + 1))
        verdicts += [("monitor", 20, start + 50), ("monitor", 10, start + 60)]
        deployed.append(deployment(n + 2, start + 55))
    found = metrics(history(deployed, others, verdicts))["time"]
    assert found.count == 10
    assert found.details["by rollback"] == 2 * 3600
    assert found.details["by retraining"] == 10 * 3600
    assert found.details["by other, incidents"] == 0


def test_the_fall_of_a_metric_is_measured_in_its_direction() -> None:
    first = deployment(1, 1, metrics={"roc_auc": 0.8, "log_loss": 0.5, "slices": {}})
    second = deployment(2, 2, metrics={"roc_auc": 0.77, "log_loss": 0.4, "slices": {}})
    details = metrics(history([first, second]))["change"].details
    assert details["largest fall of roc_auc"] == pytest.approx(0.03)
    assert details["largest fall of log_loss"] == 0.0


def test_reasons_of_trainings_and_kinds_of_changes_are_counted() -> None:
    one = deployment(1, 1, training=training(1, 5, "schedule", "data"), changed=frozenset({"data"}))
    two = deployment(2, 2, changed=frozenset({"code", "model"}))
    details = metrics(history([one, two]))["deployment"].details
    assert details["reason data"] == details["reason schedule"] == details["reason manual"] == 1
    assert (details["data changed"], details["code changed"], details["model changed"]) == (1, 1, 1)


def test_only_the_window_counts() -> None:
    deployed = [deployment(n, n * DAY) for n in range(1, 11)]
    found = measure(history(deployed), at(2 * DAY), at(8 * DAY))
    assert [one.version.name for one, _ in found.deployments] == [f"v0.{n}.0" for n in range(2, 8)]
