"""The history is read from a real repository with the tags of the registry."""

import json
import subprocess
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from modelyard.evidence import ledger
from modelyard.registry.backend import Event as TagEvent
from modelyard.registry.backend import Version as TagVersion
from modelyard.registry.git_tags import GitTags

from modelyard_lifecycle.delivery.history import PIPELINE
from modelyard_lifecycle.delivery.read import read_history
from modelyard_lifecycle.errors import UserError
from tests.lifecycle.delivery.histories import START, at


class Repository:
    """A repository whose commits and tags have given times."""

    def __init__(self, folder: Path) -> None:
        """Create it, with a registry in its tags."""
        self.folder, self.numbers = folder, iter(range(1, 99))
        self.git(0, "init", "--quiet", "-b", "main")
        self.git(0, "config", "user.name", "Ada")
        self.git(0, "config", "user.email", "ada@example.com")

    def git(self, hours: float, *words: str, mail: str = "") -> str:
        """Run git at an hour; return its output."""
        when = at(hours).isoformat()
        time = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        person = {"GIT_AUTHOR_EMAIL": mail} if mail else {}
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.folder)} | time | person
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=env, check=True, capture_output=True
        )
        return done.stdout.decode().strip()

    def commit(self, hours: float, path: str, text: str, mail: str = "") -> str:
        """Write a file and commit it; return the commit."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, "utf-8")
        self.git(hours, "add", "--all")
        self.git(hours, "commit", "--quiet", "-m", path, mail=mail)
        return self.git(hours, "rev-parse", "HEAD")

    def decide(self, action: str, version: TagVersion, hours: float, **more: Any) -> None:
        """Add an event to the registry."""
        stage = more.pop("stage", "" if action == "quarantine" else "prod")
        when, by = at(hours).isoformat(), more.pop("by", "Grace")
        event = TagEvent(next(self.numbers), action, version.name, stage, by, when, **more)
        GitTags().add_event(event, version)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path)


def register(name: str, commit: str, hours: float, rows: str) -> TagVersion:
    """Register a version of a commit."""
    version = TagVersion(name, commit, {"data": {"rows": rows}, "metrics": {"roc_auc": 0.7}})
    GitTags().add_version(version, at(hours).isoformat())
    return version


@pytest.fixture
def told(repository: Repository) -> Repository:
    """Two versions, a rollback, a delivery, a quarantine, a ledger of runs and one of checks."""
    first = register("v0.1.0", repository.commit(1, "src/late/features/build.py", "a"), 2, "r1")
    repository.decide("promote", first, 3)
    repository.commit(5, "scripts/serve.sh", "b")
    lock = repository.commit(6, "dvc.lock", "c", mail="train@localhost")
    second = register("v0.2.0", lock, 7, "r2")
    run = {"when": at(6).isoformat(), "seconds": 90, "registered": "v0.2.0"}
    write(repository.folder / "runs/runs.jsonl", run | {"reasons": [{"kind": "schedule"}]})
    repository.decide("promote", second, 8, by=PIPELINE)
    repository.decide("deliver", second, 9, stage="delivered", images={"rest": "a@sha256:1"})
    repository.decide("rollback", first, 12)
    repository.decide("quarantine", second, 13, why="wrong labels")
    ran("monitor", 20, 11)
    return repository


def write(path: Path, *entries: dict[str, Any]) -> None:
    """Write entries as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), "utf-8")


def ran(check: str, code: int, hours: float, **changes: Any) -> None:
    """Record the end of a command in the working folder, as the runtime does."""
    state = ledger.state() | {"when": at(hours).isoformat()} | changes
    with patch.object(ledger, "state", lambda: state):
        ledger.append(check, code, 1.0, {})


def test_promotions_are_read_with_commits_training_and_delivery(told: Repository) -> None:
    first, second = read_history(told.folder, START).deployments
    assert (first.version.name, first.before, first.by) == ("v0.1.0", "", "Grace")
    assert (first.promoted, first.served, first.version.when) == (at(3), at(3), at(2))
    assert [one.when for one in first.commits] == [at(1)]
    assert (second.before, second.promoted, second.served) == ("v0.1.0", at(8), at(9))
    assert second.is_automatic
    assert [one.when for one in second.commits] == [at(5)], (
        "a commit of the pipeline is no person's"
    )
    assert second.training
    assert (second.training.seconds, second.training.reasons) == (90, ("schedule",))
    assert second.changed == {"code", "data"}


def test_commits_are_read_of_deployments_since_a_time_only(told: Repository) -> None:
    whole, late = (read_history(told.folder, since) for since in (START, at(5)))
    assert [one.version for one in late.deployments] == [one.version for one in whole.deployments]
    assert [len(one.commits) for one in late.deployments] == [0, 1]
    assert late.deployments[1] == whole.deployments[1]


def test_decisions_and_verdicts_are_read_in_order(told: Repository) -> None:
    found = read_history(told.folder, START)
    told_events = [(one.action, one.version, one.when) for one in found.events]
    assert told_events == [
        ("promote", "v0.1.0", at(3)),
        ("promote", "v0.2.0", at(8)),
        ("rollback", "v0.1.0", at(12)),
        ("quarantine", "v0.2.0", at(13)),
    ]
    assert [(one.check, one.code, one.when) for one in found.verdicts] == [("monitor", 20, at(11))]


def test_an_entry_that_is_there_twice_counts_once_and_a_planted_fault_never(
    told: Repository,
) -> None:
    (path,) = (told.folder / "reports/evidence").iterdir()
    path.write_bytes(path.read_bytes() * 2)
    ran("monitor", 20, 14, planted="labels")
    assert len(read_history(told.folder, START).verdicts) == 1


def test_an_edited_ledger_of_checks_is_refused_with_its_line(told: Repository) -> None:
    (path,) = (told.folder / "reports/evidence").iterdir()
    path.write_text(path.read_text("utf-8").replace('"exit": 20', '"exit": 0'), "utf-8")
    with pytest.raises(UserError, match=r"reports/evidence: .*jsonl: line 1 was edited; restore"):
        read_history(told.folder, START)


def test_a_squashed_and_a_reverted_commit_are_commits(repository: Repository) -> None:
    first = register("v0.1.0", repository.commit(1, "src/late/schema.py", "a"), 2, "r")
    repository.decide("promote", first, 3)
    repository.commit(4, "src/late/schema.py", "b")
    repository.git(5, "revert", "--no-edit", "HEAD")
    second = register("v0.2.0", repository.git(5, "rev-parse", "HEAD"), 6, "r")
    repository.decide("promote", second, 7)
    assert [len(one.commits) for one in read_history(repository.folder, START).deployments] == [
        1,
        2,
    ]


def test_a_project_without_a_registry_has_no_deployments(repository: Repository) -> None:
    repository.commit(1, "README.md", "a")
    found = read_history(repository.folder, START)
    assert (found.deployments, found.events, found.verdicts) == ([], [], [])


def test_a_damaged_ledger_is_named_with_its_line(told: Repository) -> None:
    (told.folder / "runs/runs.jsonl").write_text('{"when": ', "utf-8")
    with pytest.raises(UserError, match=r"runs\.jsonl, line 1 is no JSON object"):
        read_history(told.folder, START)


def test_a_shallow_clone_is_refused_with_the_remedy(told: Repository, tmp_path: Path) -> None:
    told.commit(20, "README.md", "a")
    told.git(21, "clone", "--quiet", "--depth=1", f"file://{told.folder}", str(tmp_path / "clone"))
    with pytest.raises(UserError, match="git fetch --unshallow"):
        read_history(tmp_path / "clone", START)


def test_a_folder_without_a_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a git repository"):
        read_history(tmp_path, START)
