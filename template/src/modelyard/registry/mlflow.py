"""A registry in MLflow's model registry: in `mlflow.db`, or on the server MLFLOW_TRACKING_URI.

    flight_delays            its versions are the models; the alias prod is the serving model
    flight_delays-decisions  its versions are the events

`flight_delays` stands for the project's package. Each version and event also gets a git tag, named
as by GTO: it keeps the commit alive, starts a delivery on the CI host, and reveals a store that is
not shared. `adopt` copies what only git holds, for example after a change of the tracker.
"""

import json
import os
import re
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..console import UserError
from ..tracking.mlflow import server
from .backend import Event, Version
from .git_tags import VERBS, GitTags, sort_versions
from .mlflow_log import BY, Log
from .state import serving_versions

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

CONTENT, COMMIT, QUARANTINED = "told", "commit", "quarantined"  # keys of MLflow's tags
RESERVED = re.compile(r"latest|v\d+")
ADOPT = "uv run modelyard adopt-mlflow"
REMEDY = "set MLFLOW_TRACKING_URI to a server that all clones and CI jobs use"


class MLflowRegistry:
    """Registry in the MLflow store of this folder or server.

    Args:
        project: name of the registered model in MLflow.
        push: whether git's tags are pushed; an entry is kept only if `origin` accepts its tag.
    """

    def __init__(self, project: str, push: bool = False) -> None:
        """Open the store and git's tags."""
        self.tags = GitTags(push)
        self.models, self.decisions = Log(project), Log(f"{project}-decisions")

    def versions(self) -> list[Version]:
        """Return all versions, the oldest first."""
        return sort_versions(read_version(*one) for one in self.models.entries().items())

    def events(self) -> list[Event]:
        """Return all events, ordered by number."""
        entries = [entry.tags for entry in self.decisions.entries().values()]
        events = [Event(**json.loads(tags[CONTENT])) for tags in entries if CONTENT in tags]
        return sorted(events, key=lambda one: one.number)

    def add_version(self, new: Version, when: str) -> None:
        """Store a version, unless it is stored already."""
        if new in self.versions():
            self.tags.add_version(new, when)
            return
        with self.adding_version(new, when):
            self.tags.add_version(new, when)

    def add_event(self, new: Event, version: Version) -> None:
        """Store a new event, and update the aliases of the stages.

        Raises:
            Conflict: another event has this number; nothing was stored.
            UserError: the stage's name is not allowed as an alias in MLflow.
        """
        if RESERVED.fullmatch(new.stage):
            raise UserError(f"MLflow reserves the alias {new.stage!r}; choose another stage")
        with self.adding_event(new):
            self.tags.add_version(version, version.manifest.get("when", new.when))
            self.tags.add_event(new, version)
        self.update_aliases(new)

    def adding_version(self, new: Version, when: str) -> AbstractContextManager[None]:
        """Store a version if the block succeeds."""
        tags = {COMMIT: new.commit, BY: new.manifest.get("by", "")}
        tags[CONTENT] = json.dumps(new.manifest)
        return self.models.adding(new.name, tags, f"{new.tag} is of {when}", f"git:///{new.commit}")

    def adding_event(self, new: Event) -> AbstractContextManager[None]:
        """Store an event if the block succeeds."""
        tags = {BY: new.by, CONTENT: json.dumps(asdict(new))}
        text = f"{new.tag} is of {new.when} {new.version}: {VERBS[new.action]}"
        return self.decisions.adding(new.tag, tags, text, f"git:///{new.version}")

    def update_aliases(self, new: Event) -> None:
        """Point each stage's alias at its serving version, and tag a quarantined version."""
        known = self.models.entries()
        for stage, name in serving_versions(self.events()).items():
            if name in known:
                self.models.call(
                    "set_registered_model_alias", self.models.name, stage, known[name].version
                )
        if new.why and new.version in known:
            place = self.models.name, known[new.version].version
            self.models.call("set_model_version_tag", *place, QUARANTINED, new.why)

    def missing(self) -> tuple[list[Version], list[Event]]:
        """Return what only git holds; git is read first, as it is written last."""
        versions, events = self.tags.versions(), self.tags.events()
        names = {one.name for one in self.versions()}
        tags = {one.tag for one in self.events()}
        return (
            [one for one in versions if one.name not in names],
            [one for one in events if one.tag not in tags],
        )

    def adopt(self) -> int:
        """Copy what only git holds; return the number of versions and events."""
        versions, events = self.missing()
        for version in versions:
            with self.adding_version(version, version.manifest.get("when", "")):
                pass
        for event in events:
            with self.adding_event(event):
                self.update_aliases(event)
        return len(versions) + len(events)


def read_version(name: str, entry: "ModelVersion") -> Version:
    """Parse a version; its manifest is empty if another tool registered it."""
    return Version(name, entry.tags.get(COMMIT, ""), json.loads(entry.tags.get(CONTENT, "{}")))


def refuse_temporary_store() -> None:
    """Refuse a local store in a CI job, which discards its folder."""
    if os.environ.get("CI") and not server():
        raise UserError(f"the registry would be in mlflow.db, which a CI job discards; {REMEDY}")


def refuse_unshared(registry: MLflowRegistry) -> None:
    """Refuse a store that lacks versions or events of git's tags.

    Raises:
        UserError: a tag has no counterpart in MLflow.
    """
    versions, events = registry.missing()
    tags = [one.tag for one in versions] + [one.tag for one in events]
    if tags:
        store = "the MLflow server" if server() else "mlflow.db of this folder"
        remedy = "set MLFLOW_TRACKING_URI to the server that has it, or copy it from git"
        raise UserError(f"git has {tags[0]}, {store} does not; {remedy}: {ADOPT}")


def open_backend(project: str, push: bool = False) -> MLflowRegistry:
    """Open the registry after checking that its store is shared."""
    refuse_temporary_store()
    registry = MLflowRegistry(project, push)
    refuse_unshared(registry)
    return registry


def adopt(project: str) -> None:
    """Copy what only git's tags hold, and print the number of entries."""
    refuse_temporary_store()
    print(f"copied from git: {MLflowRegistry(project).adopt()} versions and events")
