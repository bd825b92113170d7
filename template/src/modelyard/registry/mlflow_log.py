"""Logs in MLflow's model registry: what is added stands in a row, and is found by its key.

A log is a registered model, an entry one of its versions. MLflow gives each a number that nobody
else gets. Of two with the same key the one with the lower number counts: that is the lock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from ..console import UserError
from ..tracking.mlflow import REMEDY, open_client, server
from ..tracking.tracker import reason
from .events import Taken

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

KEY, BY = "key", "by"


class Log:
    """A log of the store of this folder or server.

    Args:
        name: how MLflow calls it.
    """

    def __init__(self, name: str) -> None:
        """Find the store; it is made if there is none."""
        self.name = name
        self.client = asked(open_client)

    def ask(self, method: str, *given: Any, **named: Any) -> Any:
        """Let MLflow do something with the log.

        Raises:
            UserError: it does not answer, or says no.
        """
        return asked(getattr(self.client, method), *given, **named)

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
            page = self.ask("search_model_versions", self.filter, page_token=token)
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
        tags = told | {KEY: key}
        new: ModelVersion = self.ask(
            "create_model_version", self.name, source,
            tags=tags, description=text, await_creation_for=0,
        )  # fmt: skip
        try:
            first = self.entries()[key]
            if int(first.version) != int(new.version):
                raise Taken(f"{first.tags.get(BY)} was first: {first.description}")
            yield
        except BaseException:
            self.ask("delete_model_version", self.name, new.version)
            raise

    def make(self) -> None:
        """Make the log, unless it is there; somebody else may do so just now."""
        there = partial(self.ask, "search_registered_models", self.filter)
        if there():
            return
        try:
            self.ask("create_registered_model", self.name)
        except UserError:
            if not there():
                raise


def asked(method: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Ask MLflow.

    Raises:
        UserError: it does not answer, or says no.
    """
    try:
        return method(*given, **named)
    except Exception as failure:
        answered = type(failure).__name__ == "RestException"
        remedy = f"; {REMEDY}" if server() and not answered else ""
        raise UserError(f"MLflow's registry: {reason(failure)}{remedy}") from failure
