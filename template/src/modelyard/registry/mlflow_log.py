"""Logs in MLflow's model registry: what is added stands in a row, and is found by its key.

A log is a registered model, an entry one of its versions. MLflow gives each a number that nobody
else gets. Of two with the same key the one with the lower number counts: that is the lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..console import UserError
from ..tracking.mlflow import REMEDY, open_client, server
from ..tracking.tracker import reason
from .entries import Taken

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

KEY, BY = "key", "by"


@contextmanager
def asking() -> Iterator[None]:
    """Ask MLflow something in the block.

    Raises:
        UserError: it does not answer, or says no.
    """
    try:
        yield
    except Exception as failure:
        answered = type(failure).__name__ == "RestException"
        remedy = f"; {REMEDY}" if server() and not answered else ""
        raise UserError(f"MLflow's registry: {reason(failure)}{remedy}") from failure


class Log:
    """A log of the store of this folder or server.

    Args:
        name: how MLflow calls it.
    """

    def __init__(self, name: str) -> None:
        """Find the store; it is made if there is none."""
        self.name = name
        with asking():
            self.client = open_client()

    def entries(self) -> dict[str, "ModelVersion"]:
        """Give what counts: of each key the first entry.

        What another tool has registered has no key: the third one is `v0.3.0`.
        """
        found: dict[str, ModelVersion] = {}
        for entry in sorted(self.pages(), key=lambda one: int(one.version)):
            found.setdefault(entry.tags.get(KEY) or f"v0.{entry.version}.0", entry)
        return found

    def pages(self) -> Iterator["ModelVersion"]:
        """Give all that was added, page by page."""
        token: str | None = ""
        while token is not None:
            with asking():
                page = self.client.search_model_versions(self.filter, page_token=token)
            yield from page
            token = page.token or None

    @property
    def filter(self) -> str:
        """Say in MLflow's words that the log is meant."""
        return f"name='{self.name}'"

    @contextmanager
    def added(self, key: str, told: dict[str, str], text: str, source: str) -> Iterator[None]:
        """Add an entry, and take it back if the block fails.

        Args:
            key: by which it is found.
            told: what it tells beside that.
            text: the same for people.
            source: where its files are; MLflow asks for an address.

        Raises:
            Taken: somebody else was first with the key; nothing was kept.
        """
        self.make()
        new = self.add(told | {KEY: key}, text, source)
        try:
            first = self.entries()[key]
            if int(first.version) != int(new.version):
                raise Taken(f"{first.tags.get(BY)} was first: {first.description}")
            yield
        except BaseException:
            with asking():
                self.client.delete_model_version(self.name, new.version)
            raise

    def add(self, told: dict[str, str], text: str, source: str) -> "ModelVersion":
        """Add an entry."""
        with asking():
            return self.client.create_model_version(
                self.name, source, tags=told, description=text, await_creation_for=0
            )

    def make(self) -> None:
        """Make the log, unless it is there; somebody else may do so just now."""
        if self.there():
            return
        try:
            with asking():
                self.client.create_registered_model(self.name)
        except UserError:
            if not self.there():
                raise

    def there(self) -> bool:
        """Say whether somebody has made the log."""
        with asking():
            return bool(self.client.search_registered_models(self.filter))

    def mark(self, entry: "ModelVersion", name: str, text: str) -> None:
        """Set a tag of an entry."""
        with asking():
            self.client.set_model_version_tag(self.name, entry.version, name, text)

    def point(self, alias: str, entry: "ModelVersion") -> None:
        """Let an alias of the log point at an entry."""
        with asking():
            self.client.set_registered_model_alias(self.name, alias, entry.version)
