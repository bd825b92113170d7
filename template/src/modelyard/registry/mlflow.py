"""A registry in MLflow's: in `mlflow.db`, or on the server that MLFLOW_TRACKING_URI names.

    flight_delays            its versions are the models; the alias prod points at what serves prod
    flight_delays-decisions  its versions are the events

(That is, the package's name.) Git gets a copy of each as a tag, named as GTO names it: it keeps the
commit, starts a delivery on the CI host, and shows that a store is not shared. Run as a program,
this takes over what only git knows, as after a change of the tracker.
"""

import json
import os
import re
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..console import UserError
from ..tracking.mlflow import server
from .events import Event, Version
from .git_tags import SAYINGS, Tags, in_order
from .mlflow_log import BY, Log
from .state import in_service

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

TOLD, COMMIT, BARRED = "told", "commit", "quarantined"
RESERVED = re.compile(r"latest|v\d+")
ADOPT = "uv run modelyard adopt-mlflow"
REMEDY = "let MLFLOW_TRACKING_URI name a server that all clones and CI jobs use"


class MLflow:
    """The registry in the store of this folder or server.

    Args:
        project: how MLflow calls the project's models.
        push: whether something counts only if the remote `origin` takes git's copy.
    """

    def __init__(self, project: str, push: bool = False) -> None:
        """Find the store and git's copy."""
        self.copy = Tags(push)
        self.models, self.decisions = Log(project), Log(f"{project}-decisions")

    def versions(self) -> list[Version]:
        """Give all versions, the oldest first."""
        return in_order(read_version(*one) for one in self.models.entries().items())

    def events(self) -> list[Event]:
        """Give all events in the order of their numbers."""
        told = [entry.tags for entry in self.decisions.entries().values()]
        events = [Event(**json.loads(one[TOLD])) for one in told if TOLD in one]
        return sorted(events, key=lambda one: one.number)

    def add_version(self, new: Version, when: str) -> None:
        """Keep a version, unless it is there already."""
        if new in self.versions():
            self.copy.add_version(new, when)
            return
        with self.kept_version(new, when):
            self.copy.add_version(new, when)

    def add_event(self, new: Event, version: Version) -> None:
        """Keep a new event, and let the aliases show what serves where.

        Raises:
            Taken: somebody else's event has this number; nothing was kept.
            UserError: MLflow has no alias of the stage's name.
        """
        if RESERVED.fullmatch(new.stage):
            raise UserError(f"the stage is {new.stage!r}, which MLflow keeps for itself")
        with self.kept_event(new):
            self.copy.add_version(version, version.manifest.get("when", new.when))
            self.copy.add_event(new, version)
        self.mark(new)

    def kept_version(self, new: Version, when: str) -> AbstractContextManager[None]:
        """Keep a version, if the block succeeds."""
        told = {COMMIT: new.commit, BY: new.manifest.get("by", ""), TOLD: json.dumps(new.manifest)}
        return self.models.added(new.name, told, f"{new.tag} is of {when}", f"git:///{new.commit}")

    def kept_event(self, new: Event) -> AbstractContextManager[None]:
        """Keep an event, if the block succeeds."""
        told = {BY: new.by, TOLD: json.dumps(asdict(new))}
        text = f"{new.tag} is of {new.when} {new.version}: {SAYINGS[new.action]}"
        return self.decisions.added(new.tag, told, text, f"git:///{new.version}")

    def mark(self, new: Event) -> None:
        """Let each stage's alias point at what serves it, and mark what is quarantined."""
        known = self.models.entries()
        for stage, name in in_service(self.events()).items():
            if name in known:
                self.models.ask(
                    "set_registered_model_alias", self.models.name, stage, known[name].version
                )
        if new.why and new.version in known:
            place = self.models.name, known[new.version].version
            self.models.ask("set_model_version_tag", *place, BARRED, new.why)

    def unknown(self) -> tuple[list[Version], list[Event]]:
        """Give what git has, but MLflow does not know; git is asked first, as it learns last."""
        versions, events = self.copy.versions(), self.copy.events()
        names = {one.name for one in self.versions()}
        tags = {one.tag for one in self.events()}
        return (
            [one for one in versions if one.name not in names],
            [one for one in events if one.tag not in tags],
        )

    def adopt(self) -> int:
        """Take over what only git knows; give how many versions and events that were."""
        versions, events = self.unknown()
        for version in versions:
            with self.kept_version(version, version.manifest.get("when", "")):
                pass
        for event in events:
            with self.kept_event(event):
                self.mark(event)
        return len(versions) + len(events)


def read_version(name: str, entry: "ModelVersion") -> Version:
    """Read a version; what another tool has registered has no manifest."""
    return Version(name, entry.tags.get(COMMIT, ""), json.loads(entry.tags.get(TOLD, "{}")))


def refuse_lost() -> None:
    """Refuse a registry that nobody would see again.

    Raises:
        UserError: this is a CI job, whose folder is gone when it ends, and no server is named.
    """
    if os.environ.get("CI") and not server():
        raise UserError(f"the registry would be in mlflow.db, which this CI job loses; {REMEDY}")


def refuse_unshared(registry: MLflow) -> None:
    """Refuse a registry that does not know what others have decided.

    Raises:
        UserError: git has heard of something else.
    """
    versions, events = registry.unknown()
    tags = [one.tag for one in versions] + [one.tag for one in events]
    if tags:
        place = "the server" if server() else "mlflow.db of this folder"
        remedy = "let MLFLOW_TRACKING_URI name the server that knows it, or take it over from git"
        raise UserError(f"git has {tags[0]}, {place} does not know it; {remedy}: {ADOPT}")


def open_backend(project: str, push: bool = False) -> MLflow:
    """Open the registry, if it is one for all who use it."""
    refuse_lost()
    registry = MLflow(project, push)
    refuse_unshared(registry)
    return registry


def adopt(project: str) -> None:
    """Take over what only git knows, and say how much that was."""
    refuse_lost()
    print(f"taken over from git: {MLflow(project).adopt()} versions and events")
