"""A registry of annotated git tags, named as GTO names them, so that `gto show` reads them too.

    model@v0.2.0      a version; its message holds the release manifest
    model#prod#3      from event 3 on, the version of this commit serves prod
    model@v0.2.0!#4   event 4: the version may not be used

A tag's name is the lock: git makes a tag once, here and in the repository that it is pushed to.
"""

import json
import re
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from ..console import UserError
from .entries import ARTIFACT, Event, Taken, Version
from .git import REMOTE, ask, attempt, reason

FIELDS = ("refname:strip=2", "*objectname", "taggername", "taggerdate:iso-strict", "contents")
FORMAT = "%00".join(f"%({name})" for name in FIELDS) + "%00%00"
VERSION = re.compile(rf"{ARTIFACT}@(v\d+\.\d+\.\d+)")
STAGE = re.compile(rf"{ARTIFACT}#([A-Za-z0-9][A-Za-z0-9_-]*)#(\d+)")
BARRED = re.compile(rf"{ARTIFACT}@(v\d+\.\d+\.\d+)!#(\d+)")
TOLD = ("action", "by", "when", "why", "gate_report")
SAYINGS = {"promote": "Promote", "rollback": "Roll back to", "quarantine": "Quarantine"}


class Tag(NamedTuple):
    """An annotated tag: its name, the commit, who made it when, and the JSON of its message."""

    name: str
    commit: str
    by: str
    when: str
    told: dict[str, Any]


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
        found = [(VERSION.fullmatch(tag.name), tag) for tag in read_tags()]
        versions = [Version(name[1], tag.commit, tag.told) for name, tag in found if name]
        return sorted(versions, key=version_parts)

    def events(self) -> list[Event]:
        """Give all events in the order of their numbers."""
        tags = read_tags()
        names = {tag.commit: found[1] for tag in tags if (found := VERSION.fullmatch(tag.name))}
        events = [event for tag in tags if (event := read_event(tag, names))]
        return sorted(events, key=lambda one: one.number)

    def add_version(self, new: Version, when: str) -> None:
        """Make the tag of a version, unless it is there already.

        Raises:
            Taken: somebody else has made one of this name; ours is gone again.
        """
        if new not in self.versions():
            make(new.tag, new.commit, f"Register model version {new.name}", new.manifest, when)
        if self.push:
            publish(new.tag)

    def add_event(self, new: Event, version: Version) -> None:
        """Make the tag of an event.

        Raises:
            Taken: somebody else has made one of this number; ours is gone again.
        """
        subject = f"{SAYINGS[new.action]} model version {new.version}"
        make(new.tag, version.commit, subject, asdict(new), new.when)
        if self.push:
            publish(new.tag, version.tag)


def version_parts(version: Version) -> list[int]:
    """Give the numbers of a version's name, by which versions are sorted."""
    return [int(part) for part in version.name[1:].split(".")]


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
    ask("fetch", "--quiet", "--no-tags", REMOTE, f"refs/tags/{ARTIFACT}*:refs/tags/{ARTIFACT}*")


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
            who, what = tag.told.get("by") or tag.by, tag.told.get("version", "")
            return Taken(f"{who} was first: {name} is of {tag.when} {what}".rstrip())
    return Taken(f"somebody else was first with {name}")


def read_tags() -> list[Tag]:
    """Read the annotated tags of the registry."""
    places = [f"refs/tags/{ARTIFACT}@*", f"refs/tags/{ARTIFACT}#*"]
    listed = ask("for-each-ref", f"--format={FORMAT}", *places).decode()
    parts = [one.lstrip("\n").split("\0") for one in listed.split("\0\0\n") if one.strip("\n\0")]
    return [Tag(one[0], one[1], one[2], one[3], parsed(one[4])) for one in parts if one[1]]


def parsed(message: str) -> dict[str, Any]:
    """Read the JSON in a tag's message; a tag of another tool has none."""
    try:
        told = json.loads(message[message.index("{") :])
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def read_event(tag: Tag, names: dict[str, str]) -> Event | None:
    """Read what a tag tells; None if it is no event.

    Args:
        tag: may be of another tool, which tells no more than its name, maker and time.
        names: commit to version.
    """
    stage, barred = STAGE.fullmatch(tag.name), BARRED.fullmatch(tag.name)
    if stage:
        version, number = names.get(tag.commit, ""), int(stage[2])
        plain = Event(number, "promote", version, stage[1], tag.by, tag.when)
    elif barred:
        plain = Event(int(barred[2]), "quarantine", barred[1], "", tag.by, tag.when)
    else:
        return None
    return replace(plain, **{name: tag.told[name] for name in TOLD if name in tag.told})


def open_backend(project: str, push: bool = False) -> Tags:
    """Open the registry of this repository, which needs no name."""
    return Tags(push)
