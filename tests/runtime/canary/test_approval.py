"""Approval for prod: by a person, or by the pipeline if `params.yaml` allows it."""

import pytest
from modelyard.canary import approval
from modelyard.canary.approval import manual_approval_reason
from modelyard.params import read_params
from modelyard.params_operation import Canary
from modelyard.registry.backend import Event, Refused, Version

ACCEPTED = {"clean": True, "gate": {"accepted": True}}


class Registry:
    """A registry in memory."""

    def __init__(self, *events: Event) -> None:
        """Hold three versions, of which the third was not accepted, and some events."""
        first, second = (Version(f"v0.{one}.0", str(one), ACCEPTED) for one in (1, 2))
        self.known = [first, second, Version("v0.3.0", "3", {"clean": True})]
        self.stored_events = list(events)

    def versions(self) -> list[Version]:
        """Return all versions."""
        return self.known

    def events(self) -> list[Event]:
        """Return all events."""
        return self.stored_events

    def add_version(self, new: Version, when: str) -> None:
        """Do nothing."""

    def add_event(self, new: Event, version: Version) -> None:
        """Do nothing."""


def event(number: int, action: str, version: str, stage: str = "prod") -> Event:
    return Event(number, action, version, stage, "Ada", "2013-10-01", why="a leak")


SERVING = event(1, "promote", "v0.1.0")


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The project's registry, in which v0.1.0 serves prod."""
    opened = Registry(SERVING)
    monkeypatch.setattr(approval, "open_backend", lambda project: opened)
    return opened


def test_by_default_a_person_promotes(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match=r"^10$"):
        approval.approve("flights", "v0.2.0")
    assert "approval: canary.prod_approval is required; a person must" in capsys.readouterr().out


def test_without_required_approval_a_new_version_is_left_to_the_canary(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    params = read_params()
    canary = params.section(Canary).model_copy(update={"prod_approval": False})
    monkeypatch.setattr(
        approval, "read_params", lambda: params.model_copy(update={"canary": canary})
    )
    approval.approve("flights", "model@v0.2.0")
    assert capsys.readouterr().out.endswith("v0.2.0 is promoted if the canary says go\n")


def test_the_first_version_needs_a_person_as_there_is_nothing_to_compare_with() -> None:
    elsewhere = event(1, "promote", "v0.1.0", stage="test")
    for registry in (Registry(), Registry(elsewhere)):
        assert "no version serves prod" in manual_approval_reason(
            registry, "v0.2.0", required=False
        )


def test_a_rolled_back_version_needs_a_person() -> None:
    back = [SERVING, event(2, "promote", "v0.2.0"), event(3, "rollback", "v0.1.0")]
    assert (
        manual_approval_reason(Registry(*back), "v0.2.0", required=False)
        == "it has already served prod"
    )


@pytest.mark.parametrize(
    ("version", "why"),
    [("v0.2.0", "v0.2.0 is quarantined: a leak"), ("v0.3.0", "was not accepted by the gate")],
)
def test_a_quarantined_or_not_accepted_version_is_refused(version: str, why: str) -> None:
    barred = event(2, "quarantine", "v0.2.0", stage="")
    with pytest.raises(Refused, match=why):
        manual_approval_reason(Registry(SERVING, barred), version, required=False)
