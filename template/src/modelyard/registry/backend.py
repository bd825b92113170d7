"""What keeps a registry: git's tags, or MLflow where it remembers the runs."""

from typing import Protocol

from .entries import Event, Version


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
