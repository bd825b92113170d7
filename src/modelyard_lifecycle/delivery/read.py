"""Read a project's history from git: tags of the registry, commits, ledgers of runs and checks."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..git import git
from .changes import changed_kinds
from .history import DELIVERED, PROD, Commit, Deployment, Event, History, Training, Verdict, Version

TAG = re.compile(
    r"model(?:@(?P<version>v[^!#]+))?(?P<mark>!)?(?:#(?P<stage>[^#\d][^#]*))?(?:#(?P<number>\d+))?"
)
FIELDS = (
    "%(refname:strip=2)%00%(*objectname)%00%(creatordate:iso-strict)%00%(taggername)%00"
    "%(contents)%01"
)
TRAINERS = {"train@localhost", "modelyard@localhost"}  # who commits the results of trainings
RUNS, FOLDER = "runs/runs.jsonl", "reports/evidence"


def read_history(folder: Path, since: datetime) -> History:
    """Read the history of the project in a folder of a git repository.

    Commits and changes are read of deployments that serve since then: each takes two calls of git.

    Raises:
        UserError: the folder is in no git repository, the clone is shallow, or a ledger is damaged.
    """
    if git("rev-parse", "--is-shallow-repository", folder=folder).strip() == b"true":
        raise UserError(f"{folder} is a shallow clone, which lacks commits: git fetch --unshallow")
    versions, events = read_tags(folder)
    trainings = {one.version: one for one in read_trainings(folder)}
    found = list(deployments(folder, since, versions, events, trainings))
    return History(found, [one for one in events if one.stage != DELIVERED], read_verdicts(folder))


def read_tags(folder: Path) -> tuple[dict[str, Version], list[Event]]:
    """Return the registry's versions by name, and its events in the order of their numbers."""
    text = git("for-each-ref", f"--format={FIELDS}", "refs/tags/model*", folder=folder)
    versions: dict[str, Version] = {}
    found: list[tuple[re.Match[str], list[str]]] = []
    for record in text.decode("utf-8", "replace").split("\x01"):
        parts = record.strip("\n").split("\0")
        match = TAG.fullmatch(parts[0])
        if match and len(parts) == 5 and parts[1]:
            found.append((match, parts))
    for match, (_, commit, when, _, text_of_tag) in found:
        if match["version"] and not match["mark"] and not match["number"]:
            name = match["version"]
            versions[name] = Version(name, commit, utc(when), json_of(text_of_tag))
    names = {one.commit: one.name for one in versions.values()}
    events = [event_of(match, parts, names) for match, parts in found if match["number"]]
    return versions, sorted(events, key=lambda one: one.number)


def event_of(match: re.Match[str], parts: list[str], names: dict[str, str]) -> Event:
    """Return the event of a tag; `names`: commit to version."""
    _, commit, when, tagger, text = parts
    content, stage = json_of(text), match["stage"] or ""
    version = match["version"] or names.get(commit, "")
    action = str(content.get("action") or ("promote" if stage else "quarantine"))
    moment = utc(str(content.get("when") or when))
    return Event(int(match["number"]), action, version, stage, content.get("by") or tagger, moment)


def json_of(text: str) -> dict[str, Any]:
    """Return the JSON object in the message of a tag; empty if there is none."""
    try:
        content, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def deployments(
    folder: Path,
    since: datetime,
    versions: dict[str, Version],
    events: list[Event],
    by_version: dict[str, Training],
) -> Iterator[Deployment]:
    """Yield the promotions to prod; `by_version`: the training of a version."""
    before = ""
    for place, event in enumerate(events):
        if event.stage != PROD or event.version not in versions:
            continue
        if event.action == "promote":
            new, old = versions[event.version], versions.get(before)
            when = served(event, events[place:])
            one = Deployment(new, before, event.when, when, event.by)
            if when >= since:
                made = commits(folder, old.commit if old else None, new.commit)
                kinds = changed_kinds(folder, old, new)
                one = replace(one, commits=made, changed=kinds, training=by_version.get(new.name))
            yield one
        before = event.version


def served(promotion: Event, later: Iterable[Event]) -> datetime:
    """Return when the images of a promoted version were delivered, else when it was promoted."""
    for event in later:
        if event.stage == PROD and event.version != promotion.version:
            break
        if event.stage == DELIVERED and event.version == promotion.version:
            return event.when
    return promotion.when


def commits(folder: Path, since: str | None, until: str) -> tuple[Commit, ...]:
    """Return the commits of persons up to one, and after another; no merges."""
    span = f"{since}..{until}" if since else until
    text = git("log", "--no-merges", "--format=%H %aI %ae", span, "--", ".", folder=folder).decode()
    rows = (line.split(" ", 2) for line in text.splitlines())
    found = [Commit(name, utc(when)) for name, when, mail in rows if mail not in TRAINERS]
    return tuple(sorted(found, key=lambda one: one.when))


def read_trainings(folder: Path) -> list[Training]:
    """Return the runs of the ledger that registered a version, the oldest first."""
    runs = read_lines(folder / RUNS)
    return [
        Training(
            utc(run["when"]), float(run.get("seconds", 0)), run["registered"],
            tuple(reason["kind"] for reason in run.get("reasons", [])),
        )
        for run in runs
        if run.get("registered")
    ]  # fmt: skip


def read_verdicts(folder: Path) -> list[Verdict]:
    """Return the ends of recorded commands, the oldest first, without those of planted faults.

    Raises:
        UserError: the ledger was edited.
    """
    if not (folder / FOLDER).is_dir():
        return []
    from ..evidence.ledger import read_ledger  # imported here: most projects of a fleet have none

    ledger = read_ledger(folder)
    if ledger.faults:
        raise UserError(f"{folder / FOLDER}: {ledger.faults[0]}; restore it, or delete the file")
    return [Verdict(one.check, one.exit, one.when) for one in ledger.entries if not one.planted]


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines; empty if it does not exist."""
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        try:
            if line.strip():
                found.append(dict(json.loads(line)))
        except ValueError:
            raise UserError(f"{path}, line {number} is no JSON object: {line[:60]}") from None
    return found


def utc(text: str) -> datetime:
    """Return an ISO time in UTC; without a zone it is UTC."""
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
