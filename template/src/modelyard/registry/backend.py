"""Storage backend of the registry: git tags, or MLflow if it is the experiment tracker."""

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from ..choices import read_choices
from ..settings import Settings, setting
from .events import Event, Version


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
