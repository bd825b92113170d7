"""Append-only logs in MLflow's model registry, with entries found by key.

A log is a registered model, an entry one of its versions, with a unique number from MLflow. Of two
entries with the same key the one with the lower number is valid, which makes the key a lock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from ..console import UserError
from ..tracking.mlflow import REMEDY, open_client, server
from ..tracking.tracker import error_line
from .backend import Conflict

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

KEY, BY = "key", "by"


class Log:
    """A log in the MLflow store of this folder or server.

    Args:
        name: name of the registered model in MLflow.
    """

    def __init__(self, name: str) -> None:
        """Open the store, and create it if it does not exist."""
        self.name = name
        self.client = call(open_client)

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of MLflow's client.

        Raises:
            UserError: the call failed.
        """
        return call(getattr(self.client, method), *args, **kwargs)

    def entries(self) -> dict[str, "ModelVersion"]:
        """Return the valid entries: the first one of each key.

        Entries of other tools have no key; the third version gets the key `v0.3.0`.
        """
        found: dict[str, ModelVersion] = {}
        for entry in sorted(self.all_entries(), key=lambda one: int(one.version)):
            found.setdefault(entry.tags.get(KEY) or f"v0.{entry.version}.0", entry)
        return found

    def all_entries(self) -> Iterator["ModelVersion"]:
        """Yield all entries, page by page."""
        token: str | None = ""
        while token is not None:
            page = self.call("search_model_versions", self.filter, page_token=token)
            yield from page
            token = page.token or None

    @property
    def filter(self) -> str:
        """Filter of the log's entries in MLflow's search syntax."""
        return f"name='{self.name}'"

    @contextmanager
    def adding(self, key: str, tags: dict[str, str], text: str, source: str) -> Iterator[None]:
        """Add an entry, and delete it if the block fails.

        Args:
            key: key of the entry.
            tags: its content.
            text: its description for people.
            source: address of its files, which MLflow requires.

        Raises:
            Conflict: another entry has this key; nothing was stored.
        """
        self.create_if_missing()
        tags = tags | {KEY: key}
        new: ModelVersion = self.call(
            "create_model_version", self.name, source,
            tags=tags, description=text, await_creation_for=0,
        )  # fmt: skip
        try:
            first = self.entries()[key]
            if int(first.version) != int(new.version):
                raise Conflict(f"{first.tags.get(BY)} was first: {first.description}")
            yield
        except BaseException:
            self.call("delete_model_version", self.name, new.version)
            raise

    def create_if_missing(self) -> None:
        """Create the registered model, unless it exists or another process creates it."""
        exists = partial(self.call, "search_registered_models", self.filter)
        if exists():
            return
        try:
            self.call("create_registered_model", self.name)
        except UserError:
            if not exists():
                raise


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function of MLflow.

    Raises:
        UserError: the call failed.
    """
    try:
        return function(*args, **kwargs)
    except Exception as error:
        answered = type(error).__name__ == "RestException"
        remedy = f"; {REMEDY}" if server() and not answered else ""
        raise UserError(f"MLflow's registry: {error_line(error)}{remedy}") from error
