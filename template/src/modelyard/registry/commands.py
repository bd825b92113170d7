"""The registry's commands: each does one thing and says what it did."""

import json
import sys
from pathlib import Path
from typing import NamedTuple

from . import actions, audit, place, shown, state
from .backend import Backend
from .released import push


class Who(NamedTuple):
    """Who decides something, and when: UTC, such as 2013-10-01T12:00:00+00:00."""

    by: str
    when: str


def register(backend: Backend, who: Who, image: str | None, *, pushed: bool) -> None:
    """Register the model of this commit."""
    if pushed:
        push()
    print(actions.register(backend, who.by, who.when, image).tag)


def listed(backend: Backend, *, as_json: bool) -> None:
    """List all versions."""
    lines = shown.listed(backend.versions(), backend.events())
    print(json.dumps(lines, indent=2) if as_json else shown.table(lines))


def show(backend: Backend, wanted: str) -> None:
    """Print a version's manifest."""
    print(json.dumps(actions.find(backend, wanted).manifest, indent=2))


def card(backend: Backend, wanted: str) -> None:
    """Print a version's model card."""
    version = actions.find(backend, wanted)
    text = actions.whole(version)["card.md"].decode()
    print(shown.card(version, backend.events(), text), end="")


def verify(backend: Backend, wanted: str) -> None:
    """Compare every hash of a manifest with the files."""
    version = actions.find(backend, wanted)
    _, wrong = actions.check(version)
    for line in wrong:
        print(f"{version.name}: {line}", file=sys.stderr)
    if wrong:
        sys.exit(1)
    print(f"{version.name}: all is as it was registered")


def promote(backend: Backend, version: str, stage: str, who: Who, into: Path | None) -> None:
    """Let a version serve a stage."""
    done = actions.promote(backend, version, stage, who.by, who.when)
    report(done, stage, who, into)


def rollback(backend: Backend, stage: str, who: Who, into: Path | None) -> None:
    """Let the version before serve a stage again."""
    report(actions.roll_back(backend, stage, who.by, who.when), stage, who, into)


def report(done: actions.Done, stage: str, who: Who, into: Path | None) -> None:
    """Put the files of what serves now where they are wanted, and say what was done."""
    if into:
        place.put(done.version, done.files, into)
    where = f"; its files are in {into}" if into else ""
    what = f"{done.event}, by {who.by}" if done.event else "as before"
    told = f"{done.version.name} (model {done.version.manifest['model']['version']})"
    print(f"{stage} is {told} now: {what}{where}")


def quarantine(backend: Backend, version: str, why: str, who: Who) -> None:
    """Let a version serve nowhere anew."""
    done = actions.quarantine(backend, version, why, who.by, who.when)
    print(f"{done.version.name} is quarantined: {done.event}, by {who.by}")
    for stage, name in state.in_service(backend.events()).items():
        if name == done.version.name:
            print(f"it still serves {stage}; go back: modelyard rollback --stage {stage}")


def trace(backend: Backend, wanted: str, records: Path) -> None:
    """Print what is behind a version or a recorded request."""
    told = audit.recorded(records, wanted)
    version = actions.find(backend, told.get("model_version", wanted))
    print(json.dumps(audit.audit(version, backend.events(), told), indent=2))


def fetch(backend: Backend, wanted: str, folder: Path) -> None:
    """Put a version's verified files into a folder."""
    version = actions.find(backend, wanted)
    place.put(version, actions.whole(version), folder)
    print(f"{version.name} is in {folder}")
