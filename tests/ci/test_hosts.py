"""Pipelines of both CI hosts, run on this machine: new projects, retraining, monitoring."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.checkout import commit, git
from tests.ci.hosts import github, gitlab, run_in
from tests.ci.pushed import CACHE
from tests.conftest import Render

pytestmark = pytest.mark.slow
# A job of the first push to GitHub installs everything; tests/projects does so at each level.
installed_before = pytest.mark.usefixtures("one_environment")
RETRAIN = """#!/usr/bin/env bash
set -euo pipefail
ls inbox >runs.txt
git add runs.txt
git commit --quiet --message Retrained
git tag --annotate --message Registered model@v0.1.0
"""


@pytest.fixture
def project(render: Render, tmp_path: Path) -> Path:
    """A new project with a short training, before its first push."""
    return new_project(render, tmp_path / "project", "github")


def new_project(render: Render, project: Path, host: str, level: int = 3) -> Path:
    """Return a project that was never installed, with one commit."""
    shutil.copytree(render({"automation_level": level, "ci_host": host}), project)
    params = yaml.safe_load((project / "params.yaml").read_text("utf-8"))
    params["train"]["rounds"], params["search"]["trials"] = 60, 1
    (project / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    git(project.parent, "init", "--quiet", "--initial-branch", "main", project.name)
    commit(project, "Initial commit")
    return project


def replace_script(project: Path, script: str, text: str) -> None:
    """Replace a script of the project, and commit it."""
    (project / "scripts" / script).write_text(text, "utf-8")
    (project / "scripts" / script).chmod(0o755)
    commit(project, script)


def add_origin(project: Path) -> Path:
    """Create a bare repository as the project's origin; return it."""
    bare = project.parent / "origin.git"
    git(project, "clone", "--quiet", "--bare", ".", str(bare))
    git(project, "remote", "add", "origin", str(bare))
    return bare


def push_and_clone(project: Path) -> Path:
    """Push a project to a bare repository, and return a clone of it."""
    clone = project.parent / "clone"
    git(project.parent, "clone", "--quiet", str(add_origin(project)), clone.name)
    return clone


def test_the_first_push_of_a_new_project_passes_on_github(project: Path, tmp_path: Path) -> None:
    clone = push_and_clone(project)
    for workflow, jobs in {
        "check": ["code", "workflows"],
        "check-model": ["data", "model"],
    }.items():
        done = github(clone, tmp_path, "push", f"{workflow}.yml")
        assert done.returncode == 0, done.stdout[-4000:]
        assert succeeded(done.stdout) == {f"{workflow}/{job}" for job in jobs}
    assert "Summary - ## Metrics, now and at" in done.stdout
    assert "test.candidate.roc_auc" in done.stdout


def succeeded(output: str) -> set[str]:
    """Return the jobs that act reports as succeeded."""
    return set(re.findall(r"\[([a-z-]+/[a-z-]+) *\] 🏁  Job succeeded", output))


@pytest.fixture
def known_runs(trained: Path, tmp_path: Path) -> dict[str, str]:
    """The variables with which DVC restores the stages that the trained project has run.

    Each level is trained on one host. On the other, only `prepare` and `gate` run, of which DVC
    restores nothing.
    """
    shutil.copytree(trained / ".dvc" / "cache", tmp_path / "known" / "cache")
    (tmp_path / "known" / "config").write_text(CACHE.format(tmp_path / "known"), "utf-8")
    return {"DVC_GLOBAL_CONFIG_DIR": str(tmp_path / "known")}


@installed_before
def test_the_first_push_of_level_1_is_trained_and_tested_on_github(
    render: Render, known_runs: dict[str, str], tmp_path: Path
) -> None:
    project = push_and_clone(new_project(render, tmp_path / "project", "github", level=1))
    done = github(project, tmp_path, "push", "check.yml", **known_runs)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "gate: accepted as version" in done.stdout
    assert succeeded(done.stdout) == {"check/code", "check/workflows"}


@installed_before
def test_the_first_push_of_level_1_is_trained_and_tested_on_gitlab(
    render: Render, tmp_path: Path
) -> None:
    done = gitlab(push_and_clone(new_project(render, tmp_path / "project", "gitlab", level=1)))
    assert done.returncode == 0, done.stdout[-4000:]
    assert "gate: accepted as version" in done.stdout
    assert re.findall(r"PASS +([a-z-]+)", done.stdout) == ["code"]


@installed_before
def test_the_first_push_of_a_new_project_passes_on_gitlab(
    render: Render, known_runs: dict[str, str], tmp_path: Path
) -> None:
    project = push_and_clone(new_project(render, tmp_path / "project", "gitlab"))
    done = gitlab(project, None, **known_runs)
    assert done.returncode == 0, done.stdout[-4000:]
    for job in ("code", "data", "model"):
        assert f"PASS  {job}" in done.stdout, done.stdout[-4000:]
    assert "not posted: neither GH_TOKEN nor GITLAB_TOKEN is set" in done.stdout


def send_event(project: Path, tmp_path: Path, message: str) -> int:
    """Send the event `retrain` with a message's id; return the exit code of act."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"client_payload": {"id": message}}), "utf-8")
    more = ("--eventpath", str(event), "--env", "BRANCH=main")
    return github(project, tmp_path, "repository_dispatch", "train.yml", *more).returncode


def test_a_message_retrains_and_the_commit_and_the_version_are_pushed(
    project: Path, tmp_path: Path
) -> None:
    replace_script(project, "retrain.sh", RETRAIN)
    bare = add_origin(project)
    assert send_event(project, tmp_path, "new-prices-7") == 0
    assert git(bare, "show", "main:runs.txt") == "new-prices-7.json\n"
    assert git(bare, "tag") == "model@v0.1.0\n"


def test_a_message_cannot_run_a_command(project: Path, tmp_path: Path) -> None:
    replace_script(project, "retrain.sh", RETRAIN)
    bare = add_origin(project)
    stolen = tmp_path / "stolen"
    assert send_event(project, tmp_path, f'x"; touch {stolen}; echo "$(touch {stolen})') != 0
    assert not stolen.exists()
    assert git(bare, "tag") == ""


def test_the_commit_of_a_refused_run_is_pushed_and_the_job_fails(project: Path) -> None:
    bare = add_origin(project)
    refuse = "git commit --quiet --allow-empty --message 'Run 1: refused'; exit 20"
    done = run_in(project, "scripts/publish.sh", "main", "bash", "-c", refuse)
    assert done.returncode == 20, done.stdout
    assert git(bare, "log", "-1", "--format=%s", "main") == "Run 1: refused\n"


def test_without_a_merge_request_nothing_is_posted(project: Path) -> None:
    (project / "build").mkdir()
    (project / "build" / "report.md").write_text("## The model\n", "utf-8")
    done = run_in(project, "scripts/comment.sh", GITLAB_TOKEN="mine", CHANGE="")
    assert (done.returncode, done.stdout) == (0, "not posted: not a merge request\n")


@pytest.mark.parametrize(("code", "expected"), [(0, 0), (10, 0), (20, 20), (1, 1)])
def test_a_due_retraining_is_reported_and_an_incident_fails(
    project: Path, code: int, expected: int
) -> None:
    replace_script(project, "monitor.sh", f"#!/usr/bin/env bash\nexit {code}\n")
    done = run_in(project, "scripts/watch.sh")
    assert done.returncode == expected
    assert ("retraining is due" in done.stdout) == (code == 10)


def test_an_incident_fails_the_job_on_github(project: Path, tmp_path: Path) -> None:
    replace_script(project, "monitor.sh", "#!/usr/bin/env bash\nexit 20\n")
    done = github(project, tmp_path, "schedule", "monitor.yml")
    assert done.returncode != 0
    assert "exit status 20" in done.stdout


def test_a_gitlab_schedule_runs_only_its_task(render: Render, tmp_path: Path) -> None:
    project = new_project(render, tmp_path / "project", "gitlab")
    replace_script(project, "monitor.sh", "#!/usr/bin/env bash\nexit 0\n")
    done = gitlab(project, {"TASK": "monitor"})
    assert done.returncode == 0, done.stdout[-2000:]
    assert "PASS  monitor" in done.stdout
    assert "PASS  code" not in done.stdout
