"""A registry of annotated git tags, named as GTO names them and read by GTO.

    model@v0.2.0      a version; its message holds the release manifest
    model#prod#3      from event 3 on, the version of this commit serves prod
    model@v0.2.0!#4   event 4: the version may not be used

A tag's name is the lock: git makes a tag once, here and in the repository that it is pushed to.
Tags are made by git and not by GTO, which overwrites a tag that somebody else makes meanwhile.
"""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, replace
from typing import Any

from gto.constants import Action
from gto.tag import find, parse_name
from gto.versions import SemVer
from scmrepo.git import Git
from scmrepo.git.objects import GitTag

from ..console import UserError
from .events import ARTIFACT, Event, Taken, Version
from .git import REMOTE, ask, attempt, reason

TAGS = f"refs/tags/{ARTIFACT}*"
TOLD = ("action", "by", "when", "why", "gate_report")
SAYINGS = {"promote": "Promote", "rollback": "Roll back to", "quarantine": "Quarantine"}


class Tags:
    """The tags of the repository in which this runs.

    Args:
        push: whether a tag counts only if the remote `origin` takes it.
    """

    def __init__(self, push: bool = False) -> None:
        """Learn what others have pushed."""
        self.push = push
        if push:
            pull()

    def versions(self) -> list[Version]:
        """Give all versions, the oldest first."""
        return in_order(map(read_version, read_tags(Action.REGISTER)))

    def events(self) -> list[Event]:
        """Give all events in the order of their numbers."""
        names = {one.commit: one.name for one in self.versions()}
        tags = read_tags(Action.ASSIGN, Action.DEREGISTER)
        found = [event for tag in tags if (event := read_event(tag, names))]
        return sorted(found, key=lambda one: one.number)

    def add_version(self, new: Version, when: str) -> None:
        """Make the tag of a version, unless it is there already."""
        if new not in self.versions():
            make(new.tag, new.commit, f"Register model version {new.name}", new.manifest, when)
        if self.push:
            publish(new.tag)

    def add_event(self, new: Event, version: Version) -> None:
        """Make the tag of an event."""
        subject = f"{SAYINGS[new.action]} model version {new.version}"
        make(new.tag, version.commit, subject, asdict(new), new.when)
        if self.push:
            publish(new.tag, version.tag)


def read_tags(*actions: Action) -> list[GitTag]:
    """Read the annotated tags of the registry; of some actions, or all."""
    with closing(Git(".")) as repository:
        return list(find(frozenset(actions), ARTIFACT, scm=repository))


def in_order(versions: Iterable[Version]) -> list[Version]:
    """Sort versions by their numbers, the oldest first."""
    return sorted(versions, key=lambda one: SemVer(one.name))


def read_version(tag: GitTag) -> Version:
    """Read a version; that of another tool has no manifest."""
    return Version(parse_name(tag.name)["version"], tag.target, parsed(tag.message))


def read_event(tag: GitTag, names: dict[str, str]) -> Event | None:
    """Read an event; None if the tag has no number.

    Args:
        tag: may be of another tool, which tells no more than its name, maker and time.
        names: commit to version.
    """
    about, told = parse_name(tag.name), parsed(tag.message)
    if "counter" not in about:
        return None
    version, stage = about.get("version") or names.get(tag.target, ""), about.get("stage", "")
    action, when = "promote" if stage else "quarantine", tag.tag_datetime.isoformat()
    plain = Event(about["counter"], action, version, stage, tag.tagger_name, when)
    return replace(plain, **{name: told[name] for name in TOLD if name in told})


def parsed(message: str) -> dict[str, Any]:
    """Read the JSON in a tag's message; a tag of another tool has none."""
    try:
        told = json.loads(message[message.index("{") :])
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def make(name: str, commit: str, subject: str, told: dict[str, Any], when: str) -> None:
    """Make an annotated tag in this repository.

    Raises:
        Taken: there is one of this name.
    """
    message = f"{subject}\n\n{json.dumps(told, indent=2, ensure_ascii=False)}\n"
    words = ("tag", "--annotate", "--cleanup=verbatim", "--file=-", name, commit)
    done = attempt(*words, message=message, when=when)
    if "already exists" in reason(done):
        raise lost(name)
    if done.returncode != 0:
        raise UserError(f"git tag: {reason(done)}")


def pull() -> None:
    """Fetch the registry's tags from the remote.

    Raises:
        UserError: there is no remote, or it does not answer.
    """
    if attempt("remote", "get-url", REMOTE).returncode != 0:
        raise UserError(f"there is no git remote {REMOTE} to push to: git remote add {REMOTE} URL")
    ask("fetch", "--quiet", "--no-tags", REMOTE, f"{TAGS}:{TAGS}")


def publish(name: str, *others: str) -> None:
    """Push a tag; a remote takes each name once.

    Args:
        name: of the tag that is new.
        others: tags that must be there too.

    Raises:
        Taken: it has one of this name already.
        UserError: it did not take it for another reason. In both cases ours is gone again.
    """
    tags = [f"refs/tags/{one}" for one in (*others, name)]
    done = attempt("push", "--quiet", "--atomic", REMOTE, *tags)
    if done.returncode == 0:
        return
    ask("tag", "--delete", name)
    if ask("ls-remote", REMOTE, f"refs/tags/{name}"):
        pull()
        raise lost(name)
    raise UserError(f"git push of {name}: {reason(done)}; nothing was changed")


def lost(name: str) -> Taken:
    """Say who was first with a tag."""
    for tag in read_tags():
        if tag.name == name:
            told, when = parsed(tag.message), tag.tag_datetime.isoformat()
            who, what = told.get("by") or tag.tagger_name, told.get("version", "")
            return Taken(f"{who} was first: {name} is of {when} {what}".rstrip())
    return Taken(f"somebody else was first with {name}")


def open_backend(project: str, push: bool = False) -> Tags:
    """Open the registry of this repository, which needs no name."""
    return Tags(push)
