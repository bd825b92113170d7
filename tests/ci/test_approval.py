"""Who promotes: a person, or the pipeline if `params.yaml` allows it and the canary says go."""

import os
import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.ci.hosts import called
from tests.conftest import EVERY_TARGET, Render
from tests.versions import set_param

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash"),
]
UV = """#!/usr/bin/env bash
echo "$*" >>"$RECORD"
case $* in
  *modelyard\\ fetch*) mkdir -p "${@: -1}" ;;
  *"print(json.load"*) git rev-parse HEAD ;;
  *canary\\ batch*) exit "${BATCH:-0}" ;;
  *canary\\ edge*) exit "${EDGE:-0}" ;;
  *canary\\ rest*) exit "${REST:-0}" ;;
  *modelyard\\ retrain*)
    mkdir -p .cache/retrain
    [ -z "${MADE:-}" ] || echo "$MADE" >.cache/retrain/registered ;;
esac
"""


@pytest.fixture
def serving(two_versions: Path, tmp_path: Path) -> Path:
    """A project with a newer version than the one in service, where nobody has to approve."""
    project = Path(shutil.copytree(two_versions, tmp_path / "project", symlinks=True))
    set_param(project, "canary", "prod_approval", False)
    commit(project, "Let the canary decide")
    assert called(project, "scripts/promote.sh", "v0.1.0").returncode == 0
    return project


def acting(project: Path, script: str, text: str) -> None:
    """Put another script in the place of one."""
    (project / "scripts" / script).write_text(f"#!/usr/bin/env bash\n{text}\n", "utf-8")


def events(project: Path) -> list[str]:
    """Return the tags that say what served when."""
    return git(project, "tag", "--list", "model#*").split()


@pytest.mark.parametrize("code", [20, 1])
def test_without_the_canarys_go_nothing_is_promoted(serving: Path, code: int) -> None:
    acting(serving, "canary.sh", f"exit {code}")
    done = called(serving, "scripts/approve.sh", "v0.2.0")
    assert done.returncode == code
    assert f"v0.2.0 is not promoted, the canary ended with exit code {code}" in done.stdout
    assert events(serving) == ["model#prod#1"]


def test_by_default_a_person_promotes_and_the_canary_is_not_asked(serving: Path) -> None:
    set_param(serving, "canary", "prod_approval", "required")
    acting(serving, "canary.sh", "touch asked")
    done = called(serving, "scripts/approve.sh", "v0.2.0")
    assert done.returncode == 0, done.stdout
    assert "a person promotes it: scripts/promote.sh v0.2.0" in done.stdout
    assert events(serving) == ["model#prod#1"]
    assert not (serving / "asked").exists()


def test_after_the_canarys_go_it_is_promoted_pushed_and_its_delivery_started(
    serving: Path, tmp_path: Path
) -> None:
    bare, record = tmp_path / "origin.git", tmp_path / "record"
    git(serving, "clone", "--quiet", "--bare", ".", str(bare))
    git(serving, "remote", "add", "origin", str(bare))
    acting(serving, "canary.sh", "true")
    (tmp_path / "gh").write_text(f'#!/bin/sh\necho "$*" >>{record}\n', "utf-8")
    (tmp_path / "gh").chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    words = ("scripts/publish.sh", "main", "scripts/approve.sh", "model@v0.2.0")
    done = called(serving, *words, PATH=path, GH_TOKEN="x")
    assert done.returncode == 0, done.stdout
    assert "prod is v0.2.0" in done.stdout
    assert events(bare) == ["model#prod#1", "model#prod#2"]
    assert record.read_text("utf-8") == "workflow run deliver.yml --ref model#prod#2\n"


def test_a_setting_that_is_none_is_named(serving: Path) -> None:
    set_param(serving, "canary", "prod_approval", True)
    done = called(serving, "scripts/approve.sh", "v0.2.0")
    assert done.returncode == 1
    assert "error: params.yaml: canary.prod_approval is True: input should be" in done.stdout
    assert events(serving) == ["model#prod#1"]


# The order of commands, with a uv that only writes down what it is asked


@pytest.fixture
def born(render: Render, tmp_path: Path) -> Path:
    """A fresh project, whose `uv` does nothing."""
    project = Path(shutil.copytree(render(EVERY_TARGET), tmp_path / "project"))
    commit(project, "Initial commit")
    (tmp_path / "uv").write_text(UV, "utf-8")
    (tmp_path / "uv").chmod(0o755)
    return project


def asked(born: Path, *words: str, **more: str) -> tuple[int, list[str]]:
    """Run a script; return its exit code and what uv was asked."""
    record = born.parent / "record"
    record.write_text("", "utf-8")
    path = f"{born.parent}{os.pathsep}{os.environ['PATH']}"
    done = called(born, *words, PATH=path, RECORD=str(record), **more)
    return done.returncode, record.read_text("utf-8").splitlines()


@pytest.mark.parametrize("made", ["", "model@v0.2.0"])
def test_only_what_a_run_has_registered_is_asked_about(born: Path, made: str) -> None:
    acting(born, "approve.sh", 'echo "$1" >approved')
    code, _ = asked(born, "scripts/retrain.sh", "2013-10-01", MADE=made)
    assert code == 0
    found = (born / "approved").read_text("utf-8") if (born / "approved").exists() else ""
    assert found == (f"{made}\n" if made else "")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ({}, 0),
        ({"REST": "20"}, 20),
        ({"BATCH": "20", "EDGE": "1"}, 20),
        ({"BATCH": "1", "REST": "20"}, 1),
        ({"EDGE": "20", "REST": "1"}, 20),
    ],
)
def test_every_target_is_looked_at_and_the_first_failure_says_the_exit_code(
    born: Path, codes: dict[str, str], expected: int
) -> None:
    code, words = asked(born, "scripts/canary.sh", "v0.2.0", **codes)
    assert code == expected
    canaries = [one.split(" canary ")[1].split()[0] for one in words if " canary " in one]
    assert canaries == ["batch", "edge", "rest"]


def test_devices_and_their_share_are_passed_on(born: Path) -> None:
    _, words = asked(born, "scripts/canary.sh", "v0.2.0", DEVICES="all my/devices", SHARE="0.05")
    (edge,) = (one for one in words if " canary edge " in one)
    assert edge.endswith("--devices all my/devices --share 0.05")
    _, words = asked(born, "scripts/canary.sh", "v0.2.0")
    assert not any("--devices" in one or "--share" in one for one in words)
