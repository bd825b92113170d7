"""Incidents are opened by a rule and closed by a verified recovery."""

from pathlib import Path

import pytest

from modelyard_lifecycle.delivery.incident_pages import MARK, write_pages
from modelyard_lifecycle.delivery.incidents import incidents
from tests.lifecycle.delivery.histories import at, deployment, history

ONE = [deployment(1, 0)]
TWO = [deployment(1, 0), deployment(2, 10)]


def test_a_monitor_opens_an_incident_and_another_verdict_closes_it() -> None:
    (found,) = incidents(
        history(ONE, verdicts=[("monitor", 20, 5), ("monitor", 20, 6), ("monitor", 10, 8)])
    )
    assert (found.rule, found.opened, found.closed) == ("monitor", at(5), at(8))
    assert (found.recovery, found.version) == ("other", "v0.1.0")


def test_a_monitor_that_fails_closes_nothing() -> None:
    (found,) = incidents(history(ONE, verdicts=[("monitor", 20, 5), ("monitor", 1, 6)]))
    assert (found.closed, found.recovery) == (None, "")


def test_a_rollback_is_open_until_a_monitor_confirms_it() -> None:
    back = [("rollback", 1, 12.0)]
    (found,) = incidents(history(TWO, back))
    assert (found.rule, found.opened, found.closed, found.version) == (
        "rollback",
        at(12),
        None,
        "v0.2.0",
    )
    (found,) = incidents(history(TWO, back, [("monitor", 0, 13)]))
    assert (found.closed, found.recovery) == (at(13), "rollback")


def test_a_rollback_during_an_incident_is_its_recovery() -> None:
    (found,) = incidents(
        history(TWO, [("rollback", 1, 12.0)], [("monitor", 20, 11), ("monitor", 0, 13)])
    )
    assert (found.rule, found.opened, found.recovery) == ("monitor", at(11), "rollback")


def test_a_promotion_during_an_incident_is_its_recovery() -> None:
    (found,) = incidents(history(TWO, verdicts=[("monitor", 20, 9), ("monitor", 0, 13)]))
    assert found.recovery == "retraining"


@pytest.mark.parametrize("end", [("canary batch", 0, 20.0), None])
def test_a_refused_candidate_is_open_until_the_next_one(end: tuple[str, int, float] | None) -> None:
    verdicts = [("canary rest", 20, 15.0), *([end] if end else [])]
    (found,) = incidents(history(TWO, verdicts=verdicts))
    assert (found.rule, found.closed) == ("canary", at(20) if end else None)


def test_each_incident_has_a_page_and_notes_are_kept(tmp_path: Path) -> None:
    found = incidents(history(ONE, verdicts=[("monitor", 20, 5)]))
    write_pages(tmp_path, found)
    (page,) = tmp_path.iterdir()
    assert page.name == "2026-01-01-0500-monitor.md"
    assert "- state: open" in page.read_text("utf-8")
    page.write_text(
        page.read_text("utf-8").partition(MARK)[0] + MARK + "\nThe feed was down.\n", "utf-8"
    )
    write_pages(tmp_path, incidents(history(ONE, verdicts=[("monitor", 20, 5), ("monitor", 0, 7)])))
    text = page.read_text("utf-8")
    assert "closed 2026-01-01 07:00 UTC, after 2.0 hours, by other" in text
    assert text.endswith(f"{MARK}\nThe feed was down.\n")
