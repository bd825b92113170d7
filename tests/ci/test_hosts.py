"""The pipelines of both hosts run on this machine: fresh projects, retraining, monitoring."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.checkout import commit, git
from tests.ci.hosts import called, github, gitlab
from tests.conftest import Render

pytestmark = pytest.mark.slow
RETRAIN = """#!/usr/bin/env bash
set -euo pipefail
ls inbox >runs.txt
git add runs.txt
git commit --quiet --message Retrained
git tag --annotate --message Registered model@v0.1.0
"""


@pytest.fixture
def born(render: Render, tmp_path: Path) -> Path:
    """A fresh project with a short training, as it is pushed for the first time."""
    return fresh(render, tmp_path / "born", "github")


def fresh(render: Render, project: Path, host: str, level: int = 3) -> Path:
    """Return a project that was never installed, committed once."""
    shutil.copytree(render({"automation_level": level, "ci_host": host}), project)
    params = yaml.safe_load((project / "params.yaml").read_text("utf-8"))
    params["train"]["rounds"], params["search"]["trials"] = 60, 1
    (project / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    git(project.parent, "init", "--quiet", "--initial-branch", "main", project.name)
    commit(project, "Initial commit")
    return project


def acting(project: Path, script: str, text: str) -> None:
    """Put another script in the place of one, and commit it."""
    (project / "scripts" / script).write_text(text, "utf-8")
    (project / "scripts" / script).chmod(0o755)
    commit(project, script)


def with_remote(project: Path) -> Path:
    """Give a project a bare repository of its own; return that."""
    bare = project.parent / "origin.git"
    git(project, "clone", "--quiet", "--bare", ".", str(bare))
    git(project, "remote", "add", "origin", str(bare))
    return bare


def cloned(project: Path) -> Path:
    """Push a project to a bare repository, and return a clone of that."""
    clone = project.parent / "clone"
    git(project.parent, "clone", "--quiet", str(with_remote(project)), clone.name)
    return clone


def test_the_first_push_of_a_fresh_project_is_green_on_github(born: Path, tmp_path: Path) -> None:
    clone = cloned(born)
    for workflow, jobs in {"check": ["code"], "check-model": ["data", "model"]}.items():
        done = github(clone, tmp_path, "push", f"{workflow}.yml")
        assert done.returncode == 0, done.stdout[-4000:]
        assert succeeded(done.stdout) == {f"{workflow}/{job}" for job in jobs}
    assert "Summary - ## Metrics, now and at" in done.stdout
    assert "test.candidate.roc_auc" in done.stdout


def succeeded(said: str) -> set[str]:
    """Return the jobs that act says have succeeded."""
    return set(re.findall(r"\[([a-z-]+/[a-z-]+) *\] 🏁  Job succeeded", said))


def test_the_first_push_of_level_1_is_trained_and_tested_on_github(
    render: Render, tmp_path: Path
) -> None:
    project = cloned(fresh(render, tmp_path / "born", "github", level=1))
    done = github(project, tmp_path, "push", "check.yml")
    assert done.returncode == 0, done.stdout[-4000:]
    assert "gate: accepted as version" in done.stdout
    assert succeeded(done.stdout) == {"check/code"}


def test_the_first_push_of_level_1_is_trained_and_tested_on_gitlab(
    render: Render, tmp_path: Path
) -> None:
    done = gitlab(cloned(fresh(render, tmp_path / "born", "gitlab", level=1)))
    assert done.returncode == 0, done.stdout[-4000:]
    assert "gate: accepted as version" in done.stdout
    assert re.findall(r"PASS +([a-z-]+)", done.stdout) == ["code"]


def test_the_first_push_of_a_fresh_project_is_green_on_gitlab(
    render: Render, tmp_path: Path
) -> None:
    done = gitlab(cloned(fresh(render, tmp_path / "born", "gitlab")))
    assert done.returncode == 0, done.stdout[-4000:]
    for job in ("code", "data", "model"):
        assert f"PASS  {job}" in done.stdout, done.stdout[-4000:]
    assert "not posted: neither GH_TOKEN nor GITLAB_TOKEN is set" in done.stdout


def asked(born: Path, tmp_path: Path, message: str) -> int:
    """Send the event `retrain` with a message's id; return the exit code of act."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"client_payload": {"id": message}}), "utf-8")
    more = ("--eventpath", str(event), "--env", "BRANCH=main")
    return github(born, tmp_path, "repository_dispatch", "train.yml", *more).returncode


def test_a_message_retrains_and_the_commit_and_the_version_are_pushed(
    born: Path, tmp_path: Path
) -> None:
    acting(born, "retrain.sh", RETRAIN)
    bare = with_remote(born)
    assert asked(born, tmp_path, "new-prices-7") == 0
    assert git(bare, "show", "main:runs.txt") == "new-prices-7.json\n"
    assert git(bare, "tag") == "model@v0.1.0\n"


def test_a_message_cannot_run_a_command(born: Path, tmp_path: Path) -> None:
    acting(born, "retrain.sh", RETRAIN)
    bare = with_remote(born)
    stolen = tmp_path / "stolen"
    assert asked(born, tmp_path, f'x"; touch {stolen}; echo "$(touch {stolen})') != 0
    assert not stolen.exists()
    assert git(bare, "tag") == ""


def test_what_a_refused_run_committed_is_pushed_and_the_job_stays_red(born: Path) -> None:
    bare = with_remote(born)
    refuse = "git commit --quiet --allow-empty --message 'Run 1: refused'; exit 20"
    done = called(born, "scripts/publish.sh", "main", "bash", "-c", refuse)
    assert done.returncode == 20, done.stdout
    assert git(bare, "log", "-1", "--format=%s", "main") == "Run 1: refused\n"


def test_with_a_token_but_no_request_nothing_is_posted(born: Path) -> None:
    (born / "build").mkdir()
    (born / "build" / "report.md").write_text("## The model\n", "utf-8")
    done = called(born, "scripts/comment.sh", GITLAB_TOKEN="mine", CHANGE="")
    assert (done.returncode, done.stdout) == (0, "not posted: not a merge request\n")


@pytest.mark.parametrize(("code", "seen"), [(0, 0), (10, 0), (20, 20), (1, 1)])
def test_a_due_retraining_is_told_and_an_incident_fails(born: Path, code: int, seen: int) -> None:
    acting(born, "monitor.sh", f"#!/usr/bin/env bash\nexit {code}\n")
    done = called(born, "scripts/watch.sh")
    assert done.returncode == seen
    assert ("retraining is due" in done.stdout) == (code == 10)


def test_an_incident_turns_the_job_red_on_github(born: Path, tmp_path: Path) -> None:
    acting(born, "monitor.sh", "#!/usr/bin/env bash\nexit 20\n")
    done = github(born, tmp_path, "schedule", "monitor.yml")
    assert done.returncode != 0
    assert "exit status 20" in done.stdout


def test_a_schedule_of_gitlab_runs_its_task_only(render: Render, tmp_path: Path) -> None:
    project = fresh(render, tmp_path / "born", "gitlab")
    acting(project, "monitor.sh", "#!/usr/bin/env bash\nexit 0\n")
    done = gitlab(project, {"TASK": "monitor"})
    assert done.returncode == 0, done.stdout[-2000:]
    assert "PASS  monitor" in done.stdout
    assert "PASS  code" not in done.stdout
