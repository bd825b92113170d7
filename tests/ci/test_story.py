"""Level 3 end to end on GitHub: a change is proposed, reported on, merged, trained, refused."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.ci.hosts import github, run_in

pytestmark = pytest.mark.slow
HERE = {"full_name": "me/project"}
TODAY, LATER = "2013-09-02", "2013-12-02"
WEEKEND = '"weekend": (seconds - SATURDAY_S) % WEEK_S < 2 * DAY_S'
BEFORE = '{"hour": seconds % DAY_S / 3600, ' + WEEKEND + "}"
AFTER = f"""{{
        "hour": seconds % DAY_S / 3600,
        "evening": (seconds % DAY_S >= 17 * 3600) & (seconds % DAY_S < 22 * 3600),
        {WEEKEND},
    }}"""
GH = """#!/usr/bin/env bash
echo "$@" >"$POSTED"
cat "${@: -3:1}" >>"$POSTED"
"""
DATE = """#!/bin/sh
[ "$*" = "-u +%F" ] && echo DAY || exec /bin/date "$@"
"""


@pytest.fixture(scope="module")
def story(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained project with a bare repository, and stand-ins on the PATH of its jobs."""
    left = shutil.ignore_patterns(".venv", "__pycache__")
    project = tmp_path_factory.mktemp("story") / "project"
    shutil.copytree(trained, project, ignore=left, symlinks=True)
    commit(project, "Trained")
    git(project, "branch", "--move", "--force", "main")
    add_dvc_remote(project)
    bare = project.parent / "origin.git"
    git(project, "clone", "--quiet", "--bare", ".", str(bare))
    git(project, "remote", "add", "origin", str(bare))
    add_program(project, "gh", GH)
    return project


def add_dvc_remote(project: Path) -> None:
    """Configure a DVC remote that the jobs can reach, and push data and models to it."""
    config = project / ".dvc" / "config"
    there = f"url = {project.parent / 'store'}"
    config.write_text(config.read_text("utf-8").replace("url = storage", there), "utf-8")
    commit(project, "A remote")
    done = run_in(project, "uv", "run", "dvc", "push", "--quiet")
    assert done.returncode == 0, done.stdout


def add_program(project: Path, name: str, text: str) -> None:
    """Put a program on the PATH of the jobs."""
    place = project.parent / "bin" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, "utf-8")
    place.chmod(0o755)


def run(project: Path, event: str, workflow: str, *more: str) -> tuple[int, str]:
    """Run a workflow for an event; return exit code and output."""
    path = f"{project.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    given = ["--env", f"PATH={path}", "--env", f"POSTED={project.parent / 'posted'}", *more]
    done = github(project, project.parent, event, workflow, *given, "-s", "GITHUB_TOKEN=none")
    return done.returncode, done.stdout


def run_schedule(project: Path, day: str) -> tuple[int, str]:
    """Run the weekly schedule on another day, on the current main."""
    git(project, "pull", "--quiet", "--tags", "origin", "main")
    add_program(project, "date", DATE.replace("DAY", day))
    return run(project, "schedule", "train.yml")


def test_a_pull_request_is_checked_and_its_metric_changes_are_posted(story: Path) -> None:
    base = git(story, "rev-parse", "HEAD").strip()
    git(story, "checkout", "--quiet", "-b", "evening")
    file = story / "src/flight_delays/features/build.py"
    text = file.read_text("utf-8")
    assert BEFORE in text
    file.write_text(text.replace(BEFORE, AFTER), "utf-8")
    commit(story, "A feature for the evening")
    event = story.parent / "event.json"
    request = {"number": 7, "base": {"sha": base, "ref": "main"}, "head": {"repo": HERE}}
    event.write_text(json.dumps({"pull_request": request, "repository": HERE}), "utf-8")
    where = ("--eventpath", str(event), "--env", f"GITHUB_REPOSITORY={HERE['full_name']}")
    code, output = run(story, "pull_request", "check-model.yml", "-j", "model", *where)
    assert code == 0, output[-4000:]
    posted = (story.parent / "posted").read_text("utf-8")
    assert posted.startswith("pr comment 7 ")
    assert "test.candidate.roc_auc" in posted


def test_after_the_merge_the_schedule_trains_once(story: Path) -> None:
    git(story, "checkout", "--quiet", "--force", "main")
    git(story, "merge", "--quiet", "--no-edit", "evening")
    git(story, "push", "--quiet", "origin", "main")
    code, output = run_schedule(story, TODAY)
    assert code == 0, output[-4000:]
    assert "retrain: run 1 registered model@v0.1.0" in output
    before = on_main(story)
    assert before[1] == ["model@v0.1.0"]
    code, output = run_schedule(story, TODAY)
    assert code == 0, output[-4000:]
    assert on_main(story) == before


def test_a_refused_model_fails_the_job_and_gets_no_version(
    story: Path,
) -> None:
    git(story, "pull", "--quiet", "--tags", "origin", "main")
    params = story / "params.yaml"
    text = params.read_text("utf-8")
    assert "roc_auc: 0.62" in text
    params.write_text(text.replace("roc_auc: 0.62", "roc_auc: 0.99"), "utf-8")
    commit(story, "Ask for more than there is")
    git(story, "push", "--quiet", "origin", "main")
    code, output = run_schedule(story, LATER)
    assert code != 0
    assert "the candidate is refused" in output
    assert on_main(story)[1] == ["model@v0.1.0"]


def on_main(project: Path) -> tuple[str, list[str]]:
    """Return the newest commit and the versions of the bare repository."""
    bare = project.parent / "origin.git"
    return git(bare, "rev-parse", "main"), git(bare, "tag", "--list", "model@*").split()
