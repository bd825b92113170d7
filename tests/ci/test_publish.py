"""A retraining is proposed on a branch, or pushed directly if that is the branch checked out."""

import os
import shutil
from pathlib import Path

import pytest

from tests.checkout import TEMPLATE, commit, git
from tests.ci.hosts import run_in

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the script is Bash")
GH = """#!/usr/bin/env bash
case "$1 $2" in
  "pr list") cat "$OPEN" 2>/dev/null || true ;;
  "pr create") echo 7 >"$OPEN"; echo "$*" >>"$RECORD" ;;
  *) echo "$*" >>"$RECORD" ;;
esac
"""
TRAIN = """#!/usr/bin/env bash
echo "run $(git log --oneline | wc -l)" >>runs.txt
git add runs.txt
git commit --quiet --message "Run"
git tag --annotate --message Registered "model@v0.$(wc -l <runs.txt).0"
exit "${CODE:-0}"
"""


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A bare repository with the script, and stand-ins for uv and gh next to it."""
    author = tmp_path / "author"
    (author / "scripts").mkdir(parents=True)
    shutil.copy2(TEMPLATE / "scripts" / "publish.sh", author / "scripts")
    (author / "train.sh").write_text(TRAIN, "utf-8")
    (author / "train.sh").chmod(0o755)
    (tmp_path / "bin").mkdir()
    for name, text in {"uv": "#!/bin/sh\n", "gh": GH}.items():
        (tmp_path / "bin" / name).write_text(text, "utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main", author.name)
    commit(author, "Initial commit")
    git(tmp_path, "clone", "--quiet", "--bare", author.name, "origin.git")
    return tmp_path / "origin.git"


def job(origin: Path, branch: str, command: str = "./train.sh", **more: str) -> tuple[int, str]:
    """Run the script in a new clone, as a CI job does; return exit code and output."""
    place = origin.parent / f"job-{len(list(origin.parent.glob('job-*')))}"
    git(origin.parent, "clone", "--quiet", str(origin), place.name)
    path = f"{origin.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    names = {"RECORD": str(origin.parent / "record"), "OPEN": str(origin.parent / "open")}
    user = {
        f"GIT_{who}_{what}": "job@x"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    done = run_in(place, "scripts/publish.sh", branch, command, PATH=path, **names, **user, **more)
    return done.returncode, done.stdout


def calls(origin: Path) -> list[str]:
    """Return the recorded calls of gh."""
    record = origin.parent / "record"
    return record.read_text("utf-8").splitlines() if record.exists() else []


def runs(origin: Path, branch: str) -> int:
    """Return the number of runs on a branch."""
    return len(git(origin, "show", f"{branch}:runs.txt").splitlines())


def test_a_run_is_proposed_and_main_stays_as_it_is(origin: Path) -> None:
    before = git(origin, "rev-parse", "main")
    code, output = job(origin, "retrain", GH_TOKEN="x")
    assert code == 0, output
    assert git(origin, "rev-parse", "main") == before
    assert git(origin, "rev-parse", "model@v0.1.0^{commit}") == git(origin, "rev-parse", "retrain")
    (call,) = calls(origin)
    assert call.startswith("pr create --base main --head retrain --title Retrain the model")


def test_the_next_run_continues_an_open_request_with_what_main_got(origin: Path) -> None:
    job(origin, "retrain", GH_TOKEN="x")
    author = origin.parent / "author"
    (author / "new.txt").touch()
    commit(author, "Meanwhile")
    git(author, "push", "--quiet", str(origin), "main")
    code, output = job(origin, "retrain", GH_TOKEN="x")
    assert code == 0, output
    assert runs(origin, "retrain") == 2
    assert git(origin, "ls-tree", "--name-only", "retrain", "new.txt") == "new.txt\n"
    assert len(calls(origin)) == 1


def test_nothing_is_proposed_if_nothing_was_due(origin: Path) -> None:
    code, output = job(origin, "retrain", "true", GH_TOKEN="x", GITLAB_TOKEN="x")
    assert code == 0, output
    assert git(origin, "branch", "--list", "retrain") == ""
    assert calls(origin) == []


def test_the_exit_code_of_a_refused_run_is_kept_and_its_record_proposed(origin: Path) -> None:
    code, _ = job(origin, "retrain", GH_TOKEN="x", CODE="20")
    assert code == 20
    assert runs(origin, "retrain") == 1


def test_the_branch_that_is_checked_out_gets_the_commit_directly(origin: Path) -> None:
    code, output = job(origin, "main", GH_TOKEN="x")
    assert code == 0, output
    assert runs(origin, "main") == 1
    assert calls(origin) == []


def test_a_merge_request_is_asked_for_on_gitlab(origin: Path) -> None:
    git(origin, "config", "receive.advertisePushOptions", "true")
    hook = origin / "hooks" / "pre-receive"
    hook.write_text('#!/bin/sh\necho "$GIT_PUSH_OPTION_0, $GIT_PUSH_OPTION_1" >options\n', "utf-8")
    hook.chmod(0o755)
    code, output = job(origin, "retrain", GITLAB_TOKEN="x", CI_COMMIT_BRANCH="main")
    assert code == 0, output
    options = (origin / "options").read_text("utf-8")
    assert options == "merge_request.create, merge_request.title=Retrain the model\n"


def test_a_conflict_with_main_stops_the_job_before_the_command(origin: Path) -> None:
    job(origin, "retrain")
    author = origin.parent / "author"
    (author / "runs.txt").write_text("other\n", "utf-8")
    commit(author, "Meanwhile")
    git(author, "push", "--quiet", str(origin), "main")
    code, output = job(origin, "retrain")
    assert code != 0
    assert "CONFLICT" in output
    assert runs(origin, "retrain") == 1
