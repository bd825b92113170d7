"""The registry's commands: each does one thing and says what it did."""

import argparse
import json
import sys
from collections.abc import Callable

from . import actions, audit, place, shown, state
from .backend import Backend
from .released import push

Command = Callable[[Backend, argparse.Namespace], None]


def register(backend: Backend, options: argparse.Namespace) -> None:
    """Register the model of this commit."""
    if options.push:
        push()
    print(actions.register(backend, options.by, options.now, options.image).tag)


def listed(backend: Backend, options: argparse.Namespace) -> None:
    """List all versions."""
    lines = shown.listed(backend.versions(), backend.events())
    print(json.dumps(lines, indent=2) if options.json else shown.table(lines))


def show(backend: Backend, options: argparse.Namespace) -> None:
    """Print a version's manifest."""
    print(json.dumps(actions.find(backend, options.version).manifest, indent=2))


def card(backend: Backend, options: argparse.Namespace) -> None:
    """Print a version's model card."""
    version = actions.find(backend, options.version)
    text = actions.whole(version)["card.md"].decode()
    print(shown.card(version, backend.events(), text), end="")


def verify(backend: Backend, options: argparse.Namespace) -> None:
    """Compare every hash of a manifest with the files."""
    version = actions.find(backend, options.version)
    _, wrong = actions.check(version)
    for line in wrong:
        print(f"{version.name}: {line}", file=sys.stderr)
    if wrong:
        sys.exit(1)
    print(f"{version.name}: all is as it was registered")


def promote(backend: Backend, options: argparse.Namespace) -> None:
    """Let a version serve a stage."""
    done = actions.promote(backend, options.version, options.stage, options.by, options.now)
    report(done, options)


def rollback(backend: Backend, options: argparse.Namespace) -> None:
    """Let the version before serve a stage again."""
    report(actions.roll_back(backend, options.stage, options.by, options.now), options)


def report(done: actions.Done, options: argparse.Namespace) -> None:
    """Put the files of what serves now where they are wanted, and say what was done."""
    if options.into:
        place.put(done.version, done.files, options.into)
    where = f"; its files are in {options.into}" if options.into else ""
    what = f"{done.event}, by {options.by}" if done.event else "as before"
    told = f"{done.version.name} (model {done.version.manifest['model']['version']})"
    print(f"{options.stage} is {told} now: {what}{where}")


def quarantine(backend: Backend, options: argparse.Namespace) -> None:
    """Let a version serve nowhere anew."""
    done = actions.quarantine(backend, options.version, options.why, options.by, options.now)
    print(f"{done.version.name} is quarantined: {done.event}, by {options.by}")
    for stage, name in state.in_service(backend.events()).items():
        if name == done.version.name:
            print(f"it still serves {stage}; go back: rollback --stage {stage}")


def trace(backend: Backend, options: argparse.Namespace) -> None:
    """Print what is behind a version or a recorded request."""
    told = audit.recorded(options.records, options.version)
    version = actions.find(backend, told.get("model_version", options.version))
    print(json.dumps(audit.audit(version, backend.events(), told), indent=2))


def fetch(backend: Backend, options: argparse.Namespace) -> None:
    """Put a version's verified files into a folder."""
    version = actions.find(backend, options.version)
    place.put(version, actions.whole(version), options.folder)
    print(f"{version.name} is in {options.folder}")


COMMANDS: dict[str, Command] = {
    "register": register,
    "list": listed,
    "show": show,
    "card": card,
    "verify": verify,
    "promote": promote,
    "rollback": rollback,
    "quarantine": quarantine,
    "audit": trace,
    "fetch": fetch,
}
