"""What a registry holds: versions, which never change, and numbered events about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..console import UserError

ARTIFACT = "model"
SHOWN = 3
Manifest = dict[str, Any]


class Refused(UserError):
    """A rule of the registry forbids it; commands end with exit code 20."""


class Taken(Refused):
    """Somebody else was first with this version or number."""


@dataclass(frozen=True)
class Version:
    """A registered model.

    Attributes:
        name: such as v0.1.0.
        commit: whose pipeline made it, in full; empty if it is not known.
        manifest: the release manifest; empty if another tool registered the version.
    """

    name: str
    commit: str
    manifest: Manifest = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """What commands call it; the tag's name if git keeps the registry."""
        return f"{ARTIFACT}@{self.name}"


@dataclass(frozen=True)
class Event:
    """Something that was decided about a version.

    Attributes:
        number: 1 for the first event of the registry; each number is given once.
        action: `promote`, `rollback` or `quarantine`.
        version: the version that serves from now on, or is quarantined.
        stage: where it serves, such as prod; empty for a quarantine.
        by: who decided it.
        when: UTC, such as 2013-10-01T12:00:00+00:00.
        why: of a quarantine.
        gate_report: sha256 of the gate's report that was known; empty if there was none.
    """

    number: int
    action: str
    version: str
    stage: str
    by: str
    when: str
    why: str = ""
    gate_report: str = ""

    @property
    def tag(self) -> str:
        """What commands call it; the tag's name if git keeps the registry."""
        barred = self.action == "quarantine"
        about = f"@{self.version}!" if barred else f"#{self.stage}"
        return f"{ARTIFACT}{about}#{self.number}"


def first(names: Sequence[str], joint: str = ", ") -> str:
    """Name the first few of what may be many, and say how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return joint.join(names[:SHOWN]) + more
