"""Who promotes: a person unless `params.yaml` says otherwise, and then not in each case."""

import pytest
from modelyard.canary.approval import answer, why_a_person
from modelyard.registry.events import Event, Version

ACCEPTED = {"clean": True, "gate": {"accepted": True}}


class Registry:
    """A registry in memory."""

    def __init__(self, *events: Event) -> None:
        """Hold two versions, the first of which serves."""
        first, second = (Version(f"v0.{one}.0", str(one), ACCEPTED) for one in (1, 2))
        self.known = [first, second, Version("v0.3.0", "3", {"clean": True})]
        self.told = list(events)

    def versions(self) -> list[Version]:
        """Give all versions."""
        return self.known

    def events(self) -> list[Event]:
        """Give all events."""
        return self.told

    def add_version(self, new: Version, when: str) -> None:
        """Is not asked."""

    def add_event(self, new: Event, version: Version) -> None:
        """Is not asked."""


def event(number: int, action: str, version: str, stage: str = "prod") -> Event:
    return Event(number, action, version, stage, "Ada", "2013-10-01", why="a leak")


SERVES = event(1, "promote", "v0.1.0")


def test_by_default_a_person_promotes() -> None:
    assert why_a_person(Registry(SERVES), "v0.2.0", required=True)
    assert answer(Registry(SERVES), "v0.2.0", required=True) == 10


def test_where_nobody_has_to_a_new_version_is_left_to_the_canary() -> None:
    assert why_a_person(Registry(SERVES), "model@v0.2.0", required=False) == ""
    assert answer(Registry(SERVES), "v0.2.0", required=False) == 0


def test_the_first_version_of_all_has_nothing_to_be_compared_with() -> None:
    elsewhere = event(1, "promote", "v0.1.0", stage="test")
    for registry in (Registry(), Registry(elsewhere)):
        assert "nothing serves prod" in why_a_person(registry, "v0.2.0", required=False)


def test_what_was_taken_back_does_not_come_again_by_itself() -> None:
    back = [SERVES, event(2, "promote", "v0.2.0"), event(3, "rollback", "v0.1.0")]
    assert why_a_person(Registry(*back), "v0.2.0", required=False) == "it has served prod already"


@pytest.mark.parametrize(
    ("version", "why"),
    [("v0.2.0", "v0.2.0 is quarantined: a leak"), ("v0.3.0", "was not accepted by the gate")],
)
def test_what_may_serve_nowhere_is_refused(
    version: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    barred = event(2, "quarantine", "v0.2.0", stage="")
    assert answer(Registry(SERVES, barred), version, required=False) == 20
    assert why in capsys.readouterr().err
