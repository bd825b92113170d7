"""Versions of a registry, which are immutable, and numbered events about them."""

from dataclasses import dataclass, field
from typing import Any

from ..console import UserError

ARTIFACT = "model"
PROD, DELIVERED = "prod", "delivered"  # the second is reserved for deliveries to the first
Manifest = dict[str, Any]


class Refused(UserError):
    """A rule of the registry forbids the action; commands exit with code 20."""

    label, exit_code = "refused", 20


class Conflict(Refused):
    """Another process has taken this version or event number."""


@dataclass(frozen=True)
class Version:
    """A registered model.

    Attributes:
        name: for example v0.1.0.
        commit: full hash of the commit whose pipeline made the model; empty if unknown.
        manifest: the release manifest; empty if another tool registered the version.
    """

    name: str
    commit: str
    manifest: Manifest = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """Name in the output of commands, and of the git tag."""
        return f"{ARTIFACT}@{self.name}"


@dataclass(frozen=True)
class Event:
    """A decision about a version.

    Attributes:
        number: 1 for the first event of the registry; unique.
        action: `promote`, `rollback`, `quarantine` or `deliver`.
        version: the version that serves from now on, or is quarantined.
        stage: stage that it serves, such as prod; empty for a quarantine.
        by: person who decided it.
        when: UTC time, such as 2013-10-01T12:00:00+00:00.
        why: reason for a quarantine.
        gate_report: sha256 of the gate's report at that time; empty if there was none.
        images: for a delivery, target to image with digest.
    """

    number: int
    action: str
    version: str
    stage: str
    by: str
    when: str
    why: str = ""
    gate_report: str = ""
    images: dict[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """Name in the output of commands, and of the git tag."""
        subject = f"@{self.version}!" if self.action == "quarantine" else f"#{self.stage}"
        return f"{ARTIFACT}{subject}#{self.number}"
