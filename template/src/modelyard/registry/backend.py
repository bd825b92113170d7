"""Versions of a registry, which are immutable, numbered events about them, and their storage.

They are stored in git tags, or also in MLflow if it is the experiment tracker.
"""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from ..choices import read_choices
from ..console import UserError
from ..settings import Settings, setting

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


class Backend(Protocol):
    """Append-only storage of versions and events."""

    def versions(self) -> list[Version]:
        """Return all versions, the oldest first."""

    def events(self) -> list[Event]:
        """Return all events, ordered by number."""

    def add_version(self, new: Version, when: str) -> None:
        """Store a version, unless it is stored already.

        Raises:
            Conflict: another model has this name; nothing was stored.
        """

    def add_event(self, new: Event, version: Version) -> None:
        """Store a new event about a version; its number follows the greatest stored one.

        Raises:
            Conflict: another event has this number; nothing was stored.
        """


@dataclass(frozen=True)
class RegistrySettings(Settings):
    """Settings of the registry; `.env.example` explains them."""

    registry_push: int = setting(0, least=0, most=1)


def push_enabled(option: bool) -> bool:
    """Return whether new tags are pushed at once: with `--push`, or if REGISTRY_PUSH is 1."""
    return option or bool(RegistrySettings.read().registry_push)


def open_backend(project: str, push: bool = False) -> Backend:
    """Open the registry of the project in the working folder; `push` pushes new tags at once."""
    name = "mlflow" if read_choices().tracker == "mlflow" else "git_tags"
    opened: Backend = import_module(f"{__package__}.{name}").open_backend(project, push)
    return opened
