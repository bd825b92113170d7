"""Serving versions, history and rollback target, derived from events."""

import pytest
from modelyard.registry.backend import Event, Refused
from modelyard.registry.state import (
    next_version,
    previous_version,
    serving_history,
    serving_versions,
)

V1, V2, V3 = "v0.1.0", "v0.2.0", "v0.3.0"


def events(*given: tuple[str, str]) -> list[Event]:
    return [
        Event(number, action, version, "prod" * (action != "quarantine"), "Ada", "2024-05-01")
        for number, (action, version) in enumerate(given, 1)
    ]


def test_the_version_promoted_last_serves_its_stage() -> None:
    given = [
        *events(("promote", V1), ("promote", V2)),
        Event(3, "promote", V1, "test", "Ada", ""),
    ]
    assert serving_versions(given) == {"prod": V2, "test": V1}


def test_a_rollback_goes_to_the_previous_version() -> None:
    assert previous_version(events(("promote", V1), ("promote", V2)), "prod") == V1


def test_two_rollbacks_go_back_two_versions() -> None:
    given = events(("promote", V1), ("promote", V2), ("promote", V3), ("rollback", V2))
    assert serving_history(given, "prod") == [V1, V2]
    assert previous_version(given, "prod") == V1


def test_a_rolled_back_version_is_not_in_the_history() -> None:
    given = events(("promote", V1), ("promote", V2), ("rollback", V1), ("promote", V3))
    assert previous_version(given, "prod") == V1


def test_a_rollback_skips_quarantined_versions() -> None:
    given = events(("promote", V1), ("promote", V2), ("promote", V3), ("quarantine", V2))
    assert previous_version(given, "prod") == V1


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], "no version serves prod yet"),
        ([("promote", V1)], "no version to go back to: only v0.1.0 has served"),
        ([("promote", V1), ("promote", V2), ("rollback", V1)], "no version to go back to"),
        ([("promote", V1), ("promote", V2), ("quarantine", V1)], "no version to go back to"),
    ],
)
def test_a_rollback_without_a_target_is_refused(given: list[tuple[str, str]], why: str) -> None:
    with pytest.raises(Refused, match=why):
        previous_version(events(*given), "prod")


@pytest.mark.parametrize(
    ("names", "new"),
    [([], V1), ([V1], V2), (["v0.9.0", "v0.10.0"], "v0.11.0"), (["v1.2.3", V2], "v1.3.0")],
)
def test_the_next_version_increases_the_greatest_minor(names: list[str], new: str) -> None:
    assert next_version(names) == new
