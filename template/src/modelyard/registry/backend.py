"""What keeps a registry: git's tags, or MLflow where it remembers the runs."""

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from ..choices import read_choices
from ..settings import Settings, setting
from .events import Event, Version


class Backend(Protocol):
    """Keeps versions and events, and never changes one."""

    def versions(self) -> list[Version]:
        """Give all versions, the oldest first."""

    def events(self) -> list[Event]:
        """Give all events in the order of their numbers."""

    def add_version(self, new: Version, when: str) -> None:
        """Keep a version, unless it is there already.

        Raises:
            Taken: another model has this name; nothing was kept.
        """

    def add_event(self, new: Event, version: Version) -> None:
        """Keep a new event.

        Args:
            new: with the number after the greatest one.
            version: what it is about.

        Raises:
            Taken: somebody else's event has this number; nothing was kept.
        """


@dataclass(frozen=True)
class Publishing(Settings):
    """Whom the registry tells; `.env.example` says what each setting is for."""

    registry_push: int = setting(0, least=0, most=1)


def pushes(wanted: bool) -> bool:
    """Tell whether what is noted is pushed at once: if it is wanted, or REGISTRY_PUSH is 1."""
    return wanted or bool(Publishing.read().registry_push)


def open_backend(project: str, push: bool = False) -> Backend:
    """Open the registry of the project in the working folder.

    Args:
        project: the name of the project's package.
        push: whether what is noted is pushed at once.

    Raises:
        UserError: it cannot be opened.
    """
    name = "mlflow" if read_choices().tracker == "mlflow" else "git_tags"
    opened: Backend = import_module(f"{__package__}.{name}").open_backend(project, push)
    return opened
