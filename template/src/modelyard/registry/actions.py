"""Actions on registered versions: find, verify, promote, roll back, quarantine."""

from collections.abc import Mapping
from typing import NamedTuple

from ..console import UserError
from . import state
from .backend import DELIVERED, PROD, Backend, Event, Refused, Version
from .git import head_commit
from .manifest import Contents, build_manifest, differences, model_files, tracked_files
from .register import refuse_unclean


class Result(NamedTuple):
    """Tag of the new event (empty if nothing changed), the version, its verified files, images."""

    event: str
    version: Version
    files: Contents
    images: dict[str, str]


def find(backend: Backend, wanted: str) -> Version:
    """Find a version by its name, its model's version, or its stage; `prod~1` is the one before."""
    versions, events = backend.versions(), backend.events()
    stage = wanted.removesuffix("~1")
    name = state.previous_version(events, stage) if stage != wanted else wanted
    name = state.serving_versions(events).get(name, name).removeprefix("model@")
    for version in reversed(versions):
        if name in (version.name, version.manifest.get("model", {}).get("version")):
            return version
    known = ", ".join(version.name for version in versions) or "none"
    raise UserError(f"there is no version {wanted!r}; registered versions: {known}")


def compare_with_manifest(version: Version) -> tuple[Contents, list[str]]:
    """Return a version's files, and how they differ from its manifest, one line each."""
    if not version.manifest:
        return {}, ["manifest: there is none"]
    files = model_files(version.commit)
    found = build_manifest(version.commit, tracked_files(version.commit), files)
    return files, differences(version.manifest, found)


def verified_files(version: Version) -> Contents:
    """Return a version's files; refuse those that do not match its manifest."""
    files, wrong = compare_with_manifest(version)
    if wrong:
        raise Refused(f"{version.name} does not match its manifest: {'; '.join(wrong[:2])}")
    return files


def refuse_unpromotable(version: Version, quarantined: Mapping[str, str]) -> None:
    """Refuse a version that is quarantined, unclean or not accepted."""
    if version.name in quarantined:
        raise Refused(f"{version.name} is quarantined: {quarantined[version.name]}")
    if version.manifest.get("clean") is not True:
        raise Refused(f"{version.name} was not registered from a clean working tree")
    if version.manifest.get("gate", {}).get("accepted") is not True:
        raise Refused(f"{version.name} was not accepted by the gate")


def promote(backend: Backend, name: str, stage: str, by: str, when: str) -> Result:
    """Make a version the serving model of a stage; if it is already, only verify its files."""
    return assign(backend, "promote", find(backend, name), stage, by, when)


def roll_back(backend: Backend, stage: str, by: str, when: str) -> Result:
    """Return a stage to the version that served it before."""
    return assign(backend, "rollback", find(backend, f"{stage}~1"), stage, by, when)


def assign(
    backend: Backend, action: str, version: Version, stage: str, by: str, when: str
) -> Result:
    """Verify a version and add the event that it serves a stage, unless it does already."""
    events, tag = backend.events(), ""
    refuse_unpromotable(version, state.quarantined(events))
    files, report = verified_files(version), version.manifest["tracked"]["reports/gate.md"] or ""
    if state.serving_versions(events).get(stage) != version.name:
        number = state.next_number(events)
        event = Event(number, action, version.name, stage, by, when, gate_report=report)
        backend.add_event(event, version)
        tag = event.tag
    images = deliver(backend, version, {}, by, when) if stage == PROD else {}
    return Result(tag, version, files, images)


def find_deliverable(backend: Backend, tag: str) -> Version:
    """Return the version that serves prod by an event, after verifying that it is checked out."""
    events = backend.events()
    named = {one.tag: one.version for one in events if one.stage == PROD}
    if not named.get(tag):
        raise UserError(f"the tag is {tag!r}, allowed is a promotion such as model#{PROD}#1")
    version, serving = find(backend, named[tag]), state.serving_versions(events)[PROD]
    if version.name != serving:
        raise UserError(f"{tag} promoted {version.name}, but {serving} serves {PROD} now")
    if version.commit != (head := head_commit()):
        raise UserError(f"{version.name} is of {version.commit[:12]}, checked out is {head[:12]}")
    refuse_unclean()
    refuse_unpromotable(version, state.quarantined(events))
    verified_files(version)
    return version


def deliver(
    backend: Backend, version: Version, images: dict[str, str], by: str, when: str
) -> dict[str, str]:
    """Record that images of a version (target to image; empty: the last ones) are deployed."""
    events = backend.events()
    last, before = state.delivery(events), state.delivery(events, version.name)
    images = images or (before.images if before else {})
    if images and (last is None or (last.version, last.images) != (version.name, images)):
        number = state.next_number(events)
        event = Event(number, "deliver", version.name, DELIVERED, by, when, images=images)
        backend.add_event(event, version)
    return images


def quarantine(backend: Backend, name: str, why: str, by: str, when: str) -> Result:
    """Exclude a version from promotion and rollback; a stage that it serves keeps it for now."""
    version, events = find(backend, name), backend.events()
    known = state.quarantined(events)
    if version.name in known:
        raise Refused(f"{version.name} is already quarantined: {known[version.name]}")
    event = Event(state.next_number(events), "quarantine", version.name, "", by, when, why)
    backend.add_event(event, version)
    return Result(event.tag, version, {}, {})
