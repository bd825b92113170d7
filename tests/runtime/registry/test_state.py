"""What serves and what to go back to, from events alone."""

import pytest
from modelyard.registry.events import Event, Refused
from modelyard.registry.state import (
    before,
    in_service,
    next_version,
    served,
)

V1, V2, V3 = "v0.1.0", "v0.2.0", "v0.3.0"


def events(*told: tuple[str, str]) -> list[Event]:
    return [
        Event(number, action, version, "prod" * (action != "quarantine"), "Ada", "2024-05-01")
        for number, (action, version) in enumerate(told, 1)
    ]


def test_the_version_promoted_last_serves_its_stage() -> None:
    told = [*events(("promote", V1), ("promote", V2)), Event(3, "promote", V1, "test", "Ada", "")]
    assert in_service(told) == {"prod": V2, "test": V1}


def test_a_rollback_goes_to_the_version_before() -> None:
    assert before(events(("promote", V1), ("promote", V2)), "prod") == V1


def test_two_rollbacks_go_back_twice_and_never_forth_to_what_was_given_up() -> None:
    told = events(("promote", V1), ("promote", V2), ("promote", V3), ("rollback", V2))
    assert served(told, "prod") == [V1, V2]
    assert before(told, "prod") == V1


def test_a_promotion_after_a_rollback_goes_back_to_what_served_then() -> None:
    told = events(("promote", V1), ("promote", V2), ("rollback", V1), ("promote", V3))
    assert before(told, "prod") == V1


def test_a_rollback_passes_over_a_quarantined_version() -> None:
    told = events(("promote", V1), ("promote", V2), ("promote", V3), ("quarantine", V2))
    assert before(told, "prod") == V1


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ([], "nothing serves prod yet"),
        ([("promote", V1)], "no version to go back to: v0.1.0 is the only one"),
        ([("promote", V1), ("promote", V2), ("rollback", V1)], "no version to go back to"),
        ([("promote", V1), ("promote", V2), ("quarantine", V1)], "no version to go back to"),
    ],
)
def test_a_rollback_to_nothing_is_refused(told: list[tuple[str, str]], why: str) -> None:
    with pytest.raises(Refused, match=why):
        before(events(*told), "prod")


@pytest.mark.parametrize(
    ("names", "new"),
    [([], V1), ([V1], V2), (["v0.9.0", "v0.10.0"], "v0.11.0"), (["v1.2.3", V2], "v1.3.0")],
)
def test_the_next_version_is_one_minor_step_after_the_greatest(names: list[str], new: str) -> None:
    assert next_version(names) == new
