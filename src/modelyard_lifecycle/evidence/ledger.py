"""Read a project's ledger of what ran, and refuse lines that were edited, removed or added."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from modelyard.evidence.ledger import FOLDER, digest

from ..errors import UserError

BY_HAND = ("workflow_dispatch", "web", "api", "chat", "external")  # events that a person starts
GOOD = ("passed", "ok", "fine", True)


CI = {  # in the variables of GitHub and of GitLab
    "run": ("GITHUB_RUN_ID", "CI_PIPELINE_ID"),
    "job": ("GITHUB_JOB", "CI_JOB_NAME"),
    "workflow": ("GITHUB_WORKFLOW", "TASK"),
    "trigger": ("GITHUB_EVENT_NAME", "CI_PIPELINE_SOURCE"),
}


@dataclass(frozen=True)
class Entry:
    """A line of the ledger, as `modelyard.evidence.ledger` writes it.

    Attributes:
        check: a command, or `tests`.
        failed: whether it ended with an error or an exit code.
        exit: its exit code.
        when: UTC time.
        seconds: duration.
        commit: HEAD at that time.
        clean: whether no file differed from it, apart from those that commands write.
        details: results by name; of a test how its phases ended.
        code: hashes of the user's modules, and of those in `tests/`.
        data: hashes of `data/sample` and of the raw rows in `dvc.lock`.
        model: version of the accepted model.
        by: the person of git's configuration.
        planted: the fault that was planted on purpose (PLANTED); such runs prove that tests fail.
        run: the CI's run, empty on a person's machine.
        job: its job.
        workflow: its workflow.
        trigger: the event that started it.
    """

    check: str
    failed: bool
    exit: int
    when: datetime
    seconds: float
    commit: str
    clean: bool
    details: dict[str, Any]
    code: dict[str, str]
    data: dict[str, str]
    model: str
    by: str
    planted: str
    run: str = ""
    job: str = ""
    workflow: str = ""
    trigger: str = ""

    @property
    def passed(self) -> bool:
        """Whether it ended well."""
        return not self.failed

    @property
    def automatic(self) -> bool:
        """Whether a CI host ran it without a person who started it."""
        return bool(self.run and self.trigger) and self.trigger not in BY_HAND

    @property
    def ran_by(self) -> str:
        """The CI's run, or the person."""
        return f"{self.workflow or self.job} {self.run}".strip() if self.run else self.by


@dataclass(frozen=True)
class Ledger:
    """All entries, the oldest first, and what is wrong with the files."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_ledger(project: Path, more: Iterable[Path] = ()) -> Ledger:
    """Read the ledger of a project, and folders with ledgers of others, such as CI's artifacts.

    Raises:
        UserError: one of these folders does not exist.
    """
    found = sorted((project / FOLDER).glob("*.jsonl"))
    for folder in more:
        if not folder.is_dir():
            raise UserError(f"{folder} does not exist; name a folder with *.jsonl files")
        found += sorted(folder.rglob("*.jsonl"))
    texts: dict[str, list[str]] = {}
    for path in found:
        texts.setdefault(path.name, []).extend(path.read_text("utf-8", "replace").splitlines())
    entries: list[Entry] = []
    faults: list[str] = []
    for name, lines in texts.items():
        unique = [
            *dict.fromkeys(line for line in lines if line.strip())
        ]  # a file may be there twice
        faults += [f"{name}: {fault}" for fault in chain_faults(unique)]
        entries += [] if faults else [to_entry(json.loads(line)) for line in unique]
    return Ledger(sorted(entries, key=lambda one: one.when), faults)


def chain_faults(lines: list[str]) -> list[str]:
    """Return which lines were edited, and whether lines before them are missing.

    The last line may be cut off unnoticed: a ledger in one place has no witness.
    """
    known, faults, starts = {digest(line) for line in lines}, [], 0
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            seal, before = entry.pop("seal"), entry["before"]
            to_entry(entry)
        except (ValueError, KeyError, TypeError, AttributeError):
            faults.append(f"line {number} is damaged")
            continue
        starts += not before
        if seal != digest(json.dumps(entry)):
            faults.append(f"line {number} was edited")
        if before and before not in known:
            faults.append(f"a line before line {number} was edited or removed")
    return faults + ([f"it has {starts} beginnings, not 1"] if lines and starts != 1 else [])


def to_entry(line: dict[str, Any]) -> Entry:
    """Return an entry; keys that it does not have, such as points, are ignored."""
    names = [name for name in Entry.__dataclass_fields__ if name not in CI]
    known = {name: line[name] for name in names}
    own = line["ci"]
    ci = {name: "".join(own.get(key, "") for key in keys) for name, keys in CI.items()}
    return Entry(**known | ci | {"when": datetime.fromisoformat(line["when"]).astimezone(UTC)})
