"""What can be done with a registered version: checked first, then done whole or not at all."""

from collections.abc import Mapping
from typing import NamedTuple

from ..console import UserError
from . import state
from .backend import Backend
from .events import Event, Refused, Version
from .manifest import describe, differences
from .release_files import Contents, made, tracked


class Done(NamedTuple):
    """What an action did: the event, empty if there was nothing to do; the version, its files."""

    event: str
    version: Version
    files: Contents


def find(backend: Backend, wanted: str) -> Version:
    """Find a version by its name, by its model's own version, or by the stage that it serves.

    `prod~1` is the version that served `prod` before, to which a rollback would go.

    Raises:
        UserError: there is none.
        Refused: nothing served the stage before.
    """
    versions, events = backend.versions(), backend.events()
    stage = wanted.removesuffix("~1")
    served = state.before(events, stage) if stage != wanted else wanted
    name = state.in_service(events).get(served, served).removeprefix("model@")
    for one in reversed(versions):
        if name in (one.name, one.manifest.get("model", {}).get("version")):
            return one
    known = ", ".join(one.name for one in versions) or "none"
    raise UserError(f"there is no version {wanted!r}; registered are: {known}")


def check(version: Version) -> tuple[Contents, list[str]]:
    """Give a version's files, and what its manifest says otherwise than they do.

    Raises:
        UserError: the commit or the files cannot be had.
    """
    told = version.manifest
    if not told:
        return {}, ["manifest: there is none"]
    files = made(version.commit)
    return files, differences(told, describe(version.commit, tracked(version.commit), files))


def whole(version: Version) -> Contents:
    """Give a version's files, verified.

    Raises:
        Refused: they are not what the manifest says.
    """
    files, wrong = check(version)
    if wrong:
        raise Refused(f"{version.name} is not what was registered: {'; '.join(wrong[:2])}")
    return files


def refuse_unpromotable(version: Version, barred: Mapping[str, str]) -> None:
    """Refuse a version that may serve nowhere, and say why."""
    if version.name in barred:
        raise Refused(f"{version.name} is quarantined: {barred[version.name]}")
    if version.manifest.get("clean") is not True:
        raise Refused(f"{version.name} has no manifest that says it is from a clean tree")
    if version.manifest.get("gate", {}).get("accepted") is not True:
        raise Refused(f"{version.name} was not accepted by the gate")


def promote(backend: Backend, name: str, stage: str, by: str, when: str) -> Done:
    """Let a version serve a stage; one that serves it already is only verified again.

    Raises:
        Refused: the version is quarantined, not accepted, corrupt, or somebody else was first.
    """
    return assign(backend, "promote", find(backend, name), stage, by, when)


def roll_back(backend: Backend, stage: str, by: str, when: str) -> Done:
    """Let the version before serve a stage again.

    Raises:
        Refused: there is none, it is corrupt, or somebody else was first.
    """
    version = find(backend, state.before(backend.events(), stage))
    return assign(backend, "rollback", version, stage, by, when)


def assign(backend: Backend, action: str, version: Version, stage: str, by: str, when: str) -> Done:
    """Note that a version serves a stage from now on, if it may and does not yet."""
    events = backend.events()
    refuse_unpromotable(version, state.quarantined(events))
    files = whole(version)
    if state.in_service(events).get(stage) == version.name:
        return Done("", version, files)
    report = version.manifest["tracked"]["reports/gate.md"] or ""
    number = state.next_number(events)
    event = Event(number, action, version.name, stage, by, when, gate_report=report)
    backend.add_event(event, version)
    return Done(event.tag, version, files)


def quarantine(backend: Backend, name: str, why: str, by: str, when: str) -> Done:
    """Let a version serve nowhere anew; where it serves now, it does until it is rolled back.

    Raises:
        Refused: it is quarantined already, or somebody else was first.
    """
    version, events = find(backend, name), backend.events()
    known = state.quarantined(events)
    if version.name in known:
        raise Refused(f"{version.name} is quarantined already: {known[version.name]}")
    event = Event(state.next_number(events), "quarantine", version.name, "", by, when, why)
    backend.add_event(event, version)
    return Done(event.tag, version, {})
