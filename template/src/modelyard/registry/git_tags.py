"""A registry of annotated git tags, named as GTO names them and read by GTO.

    model@v0.2.0      a version; the tag's message holds the release manifest
    model#prod#3      event 3: the version of this commit serves prod
    model@v0.2.0!#4   event 4: the version is quarantined
    model#delivered#5 event 5: these images of the version are deployed in prod

A tag's name acts as a lock: git creates a tag only once, here and in the remote repository.
Tags are created by git rather than by GTO, which overwrites a tag that is created concurrently.
"""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, replace
from typing import Any

from gto.constants import Action
from gto.tag import find, parse_name
from gto.versions import SemVer
from scmrepo.exceptions import SCMError
from scmrepo.git import Git
from scmrepo.git.objects import GitTag

from ..console import UserError
from .backend import ARTIFACT, Conflict, Event, Version
from .git import REMOTE, error_line, git_output, run_git

TAGS = f"refs/tags/{ARTIFACT}*"
EVENT_FIELDS = ("action", "by", "when", "why", "gate_report", "images")
VERBS = {"promote": "Promote", "rollback": "Roll back to", "quarantine": "Quarantine"}
VERBS |= {"deliver": "Deliver"}


class GitTags:
    """Registry in this repository's tags; with `push` only tags that `origin` accepts are kept."""

    def __init__(self, push: bool = False) -> None:
        """Fetch the remote's tags if `push` is set."""
        self.push = push
        if push:
            fetch_tags()

    def versions(self) -> list[Version]:
        """Return all versions, the oldest first."""
        return sort_versions(map(read_version, read_tags(Action.REGISTER)))

    def events(self) -> list[Event]:
        """Return all events, ordered by number."""
        names = {one.commit: one.name for one in self.versions()}
        tags = read_tags(Action.ASSIGN, Action.DEREGISTER)
        found = [event for tag in tags if (event := read_event(tag, names))]
        return sorted(found, key=lambda one: one.number)

    def add_version(self, new: Version, when: str) -> None:
        """Create the tag of a version, unless it exists."""
        subject = f"Register model version {new.name}"
        if new not in self.versions():
            create_tag(new.tag, new.commit, subject, new.manifest, when)
        if self.push:
            push_tag(new.tag)

    def add_event(self, new: Event, version: Version) -> None:
        """Create the tag of an event."""
        subject = f"{VERBS[new.action]} model version {new.version}"
        create_tag(new.tag, version.commit, subject, asdict(new), new.when)
        if self.push:
            push_tag(new.tag, version.tag)


def read_tags(*actions: Action) -> list[GitTag]:
    """Return the registry's annotated tags, of some actions or of all."""
    try:
        with closing(Git(".")) as repository:
            return list(find(frozenset(actions), ARTIFACT, scm=repository))
    except SCMError:
        remedy = "git init -b main, git add and commit"
        raise UserError(f"the registry needs a git repository; run: {remedy}") from None


def sort_versions(versions: Iterable[Version]) -> list[Version]:
    """Sort versions by number, the oldest first."""
    return sorted(versions, key=lambda one: SemVer(one.name))


def read_version(tag: GitTag) -> Version:
    """Parse the tag of a version; the manifest is empty if another tool made the tag."""
    return Version(parse_name(tag.name)["version"], tag.target, parse_message(tag.message))


def read_event(tag: GitTag, names: dict[str, str]) -> Event | None:
    """Parse the tag of an event; None if its name has no number. `names`: commit to version."""
    parts, content = parse_name(tag.name), parse_message(tag.message)
    if "counter" not in parts:
        return None
    version, stage = parts.get("version") or names.get(tag.target, ""), parts.get("stage", "")
    action, when = "promote" if stage else "quarantine", tag.tag_datetime.isoformat()
    event = Event(parts["counter"], action, version, stage, tag.tagger_name, when)
    return replace(event, **{name: content[name] for name in EVENT_FIELDS if name in content})


def parse_message(message: str) -> dict[str, Any]:
    """Parse the JSON in a tag's message, before a signature; empty if there is none."""
    try:
        content, _ = json.JSONDecoder().raw_decode(message, message.index("{"))
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def create_tag(name: str, commit: str, subject: str, content: dict[str, Any], when: str) -> None:
    """Create an annotated tag in the local repository, unsigned: a signature may ask for a key."""
    message = f"{subject}\n\n{json.dumps(content, indent=2, ensure_ascii=False)}\n"
    words = ("tag", "--annotate", "--no-sign", "--cleanup=verbatim", "--file=-", name, commit)
    done = run_git(*words, message=message, when=when)
    if "already exists" in error_line(done):
        raise conflict(name)
    if done.returncode != 0:
        raise UserError(f"git tag: {error_line(done)}")


def fetch_tags() -> None:
    """Fetch the registry's tags from the remote."""
    if run_git("remote", "get-url", REMOTE).returncode != 0:
        raise UserError(f"there is no git remote {REMOTE} to push to; git remote add {REMOTE} URL")
    git_output("fetch", "--quiet", "--no-tags", REMOTE, f"{TAGS}:{TAGS}")


def push_tag(name: str, *others: str) -> None:
    """Push a new tag together with others; delete it locally if the push fails."""
    tags = [f"refs/tags/{one}" for one in (*others, name)]
    done = run_git("push", "--quiet", "--atomic", REMOTE, *tags)
    if done.returncode == 0:
        return
    git_output("tag", "--delete", name)
    if git_output("ls-remote", REMOTE, f"refs/tags/{name}"):
        fetch_tags()
        raise conflict(name)
    raise UserError(f"git push of {name}: {error_line(done)}; nothing was changed")


def conflict(name: str) -> Conflict:
    """Return the error for a tag that exists, with its author and time."""
    for tag in read_tags():
        if tag.name == name:
            content, when = parse_message(tag.message), tag.tag_datetime.isoformat()
            who, version = content.get("by") or tag.tagger_name, content.get("version", "")
            return Conflict(f"{who} was first: {name} is of {when} {version}".rstrip())
    return Conflict(f"somebody else was first: {name} exists")


def open_backend(project: str, push: bool = False) -> GitTags:
    """Open the registry of the repository in the working folder."""
    return GitTags(push)
