"""Level 3 without a hand on it: a change is proposed, told of, merged, trained, and stopped."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.ci.hosts import called, github

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
    """A trained project with a bare repository of its own, and what its jobs find on PATH."""
    left = shutil.ignore_patterns(".venv", "__pycache__")
    project = tmp_path_factory.mktemp("story") / "project"
    shutil.copytree(trained, project, ignore=left, symlinks=True)
    commit(project, "Trained")
    git(project, "branch", "--move", "--force", "main")
    share(project)
    bare = project.parent / "origin.git"
    git(project, "clone", "--quiet", "--bare", ".", str(bare))
    git(project, "remote", "add", "origin", str(bare))
    program(project, "gh", GH)
    return project


def share(project: Path) -> None:
    """Give it a remote that its jobs reach, and push data and models there."""
    config = project / ".dvc" / "config"
    there = f"url = {project.parent / 'store'}"
    config.write_text(config.read_text("utf-8").replace("url = storage", there), "utf-8")
    commit(project, "A remote")
    done = called(project, "uv", "run", "dvc", "push", "--quiet")
    assert done.returncode == 0, done.stdout


def program(project: Path, name: str, text: str) -> None:
    """Put a program on the PATH of the jobs."""
    place = project.parent / "bin" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, "utf-8")
    place.chmod(0o755)


def run(project: Path, event: str, workflow: str, *more: str) -> tuple[int, str]:
    """Run a workflow, as an event of the host would; return exit code and output."""
    path = f"{project.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    given = ["--env", f"PATH={path}", "--env", f"POSTED={project.parent / 'posted'}", *more]
    done = github(project, project.parent, event, workflow, *given, "-s", "GITHUB_TOKEN=none")
    return done.returncode, done.stdout


def scheduled(project: Path, day: str) -> tuple[int, str]:
    """Let the weekly schedule come on another day, to what is on main by then."""
    git(project, "pull", "--quiet", "--tags", "origin", "main")
    program(project, "date", DATE.replace("DAY", day))
    return run(project, "schedule", "train.yml")


def test_a_request_is_checked_and_told_what_the_change_does_to_the_metrics(story: Path) -> None:
    base = git(story, "rev-parse", "HEAD").strip()
    git(story, "checkout", "--quiet", "-b", "evening")
    file = story / "src/flight_delays/features/build.py"
    text = file.read_text("utf-8")
    assert BEFORE in text
    file.write_text(text.replace(BEFORE, AFTER), "utf-8")
    commit(story, "A feature for the evening")
    event = story.parent / "event.json"
    asked = {"number": 7, "base": {"sha": base, "ref": "main"}, "head": {"repo": HERE}}
    event.write_text(json.dumps({"pull_request": asked, "repository": HERE}), "utf-8")
    where = ("--eventpath", str(event), "--env", f"GITHUB_REPOSITORY={HERE['full_name']}")
    code, said = run(story, "pull_request", "check-model.yml", "-j", "model", *where)
    assert code == 0, said[-4000:]
    posted = (story.parent / "posted").read_text("utf-8")
    assert posted.startswith("pr comment 7 ")
    assert "test.candidate.roc_auc" in posted


def test_merged_it_is_trained_when_the_schedule_comes_and_once(story: Path) -> None:
    git(story, "checkout", "--quiet", "--force", "main")
    git(story, "merge", "--quiet", "--no-edit", "evening")
    git(story, "push", "--quiet", "origin", "main")
    code, said = scheduled(story, TODAY)
    assert code == 0, said[-4000:]
    assert "retrain: run 1 registered model@v0.1.0" in said
    told = on_main(story)
    assert told[1] == ["model@v0.1.0"]
    code, said = scheduled(story, TODAY)
    assert code == 0, said[-4000:]
    assert on_main(story) == told


def test_a_model_that_is_not_good_enough_turns_the_job_red_and_gets_no_version(
    story: Path,
) -> None:
    git(story, "pull", "--quiet", "--tags", "origin", "main")
    params = story / "params.yaml"
    text = params.read_text("utf-8")
    assert "roc_auc: 0.62" in text
    params.write_text(text.replace("roc_auc: 0.62", "roc_auc: 0.99"), "utf-8")
    commit(story, "Ask for more than there is")
    git(story, "push", "--quiet", "origin", "main")
    code, said = scheduled(story, LATER)
    assert code != 0
    assert "the candidate is refused" in said
    assert on_main(story)[1] == ["model@v0.1.0"]


def on_main(project: Path) -> tuple[str, list[str]]:
    """Give the newest commit of the bare repository and the versions there."""
    bare = project.parent / "origin.git"
    return git(bare, "rev-parse", "main"), git(bare, "tag", "--list", "model@*").split()
