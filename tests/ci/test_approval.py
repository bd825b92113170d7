"""Promotion by a person, or by CI if `params.yaml` allows it and the canary's verdict is go."""

import os
import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.ci.delivery import Desk
from tests.ci.hosts import run_in
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
def serving(desk: Desk) -> Desk:
    """The shared files, with a version newer than the serving one; promotion needs no approval."""
    decide(desk, False)
    desk.promote("v0.1.0")
    return desk


def decide(desk: Desk, approval: object) -> None:
    """Set who promotes, and push it."""
    set_param(desk.clone, "canary", "prod_approval", approval)
    desk.push(f"Approval: {approval}")


def replace_script(project: Path, script: str, text: str) -> None:
    """Replace a script of the project."""
    (project / "scripts" / script).write_text(f"#!/usr/bin/env bash\n{text}\n", "utf-8")


def approve(desk: Desk, canary: str) -> tuple[int, str]:
    """Approve the newer version in a new clone; return exit code and output.

    Args:
        desk: the shared files.
        canary: the commands of the canary, pushed before.
    """
    replace_script(desk.clone, "canary.sh", canary)
    desk.push("Another canary")
    done = desk.run_at(desk.job(), "scripts/approve.sh", "v0.2.0")
    return done.returncode, done.stdout


def promotions(project: Path) -> list[str]:
    """Return the tags that record promotions."""
    return git(project, "tag", "--list", "model#*").split()


@pytest.mark.parametrize("code", [20, 1])
def test_a_failed_canary_prevents_the_promotion(serving: Desk, code: int) -> None:
    found, output = approve(serving, f"exit {code}")
    assert found == code, output
    assert f"v0.2.0 is not promoted, the canary ended with exit code {code}" in output
    assert promotions(serving.bare) == promotions(serving.jobs[-1]) == ["model#prod#1"]


def test_by_default_a_person_promotes_and_no_canary_runs(serving: Desk) -> None:
    decide(serving, "required")
    code, output = approve(serving, "touch canary-ran")
    assert code == 0, output
    assert "a person must promote it: scripts/promote.sh v0.2.0" in output
    assert promotions(serving.bare) == promotions(serving.jobs[-1]) == ["model#prod#1"]
    assert not (serving.jobs[-1] / "canary-ran").exists()


def test_a_passed_canary_promotes_pushes_and_starts_the_delivery(
    serving: Desk, tmp_path: Path
) -> None:
    replace_script(serving.clone, "canary.sh", "true")
    serving.push("A canary that says go")
    record = tmp_path / "record"
    (tmp_path / "gh").write_text(f'#!/bin/sh\necho "$*" >>{record}\n', "utf-8")
    (tmp_path / "gh").chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    words = ("scripts/publish.sh", "main", "scripts/approve.sh", "model@v0.2.0")
    done = serving.run_at(serving.job(), *words, PATH=path, GH_TOKEN="x")
    assert done.returncode == 0, done.stdout
    assert "prod is v0.2.0" in done.stdout
    assert promotions(serving.bare) == ["model#prod#1", "model#prod#2"]
    assert record.read_text("utf-8") == "workflow run deliver.yml --ref model#prod#2\n"


def test_an_invalid_setting_is_reported(serving: Desk) -> None:
    decide(serving, True)
    code, output = approve(serving, "touch canary-ran")
    assert code == 1
    assert "error: params.yaml: canary.prod_approval is True: input should be" in output
    assert promotions(serving.bare) == promotions(serving.jobs[-1]) == ["model#prod#1"]


# Order of commands, with a stand-in for uv that only records its arguments


@pytest.fixture
def project(render: Render, tmp_path: Path) -> Path:
    """A new project, with a stand-in for `uv`."""
    project = Path(shutil.copytree(render(EVERY_TARGET), tmp_path / "project"))
    commit(project, "Initial commit")
    (tmp_path / "uv").write_text(UV, "utf-8")
    (tmp_path / "uv").chmod(0o755)
    return project


def run_script(project: Path, *words: str, **more: str) -> tuple[int, list[str]]:
    """Run a script; return its exit code and the recorded arguments of uv."""
    record = project.parent / "record"
    record.write_text("", "utf-8")
    path = f"{project.parent}{os.pathsep}{os.environ['PATH']}"
    done = run_in(project, *words, PATH=path, RECORD=str(record), **more)
    return done.returncode, record.read_text("utf-8").splitlines()


@pytest.mark.parametrize("made", ["", "model@v0.2.0"])
def test_only_a_registered_version_is_submitted_for_approval(project: Path, made: str) -> None:
    replace_script(project, "approve.sh", 'echo "$1" >approved')
    code, _ = run_script(project, "scripts/retrain.sh", "2013-10-01", MADE=made)
    assert code == 0
    found = (project / "approved").read_text("utf-8") if (project / "approved").exists() else ""
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
def test_all_targets_run_and_the_first_failure_is_the_exit_code(
    project: Path, codes: dict[str, str], expected: int
) -> None:
    code, words = run_script(project, "scripts/canary.sh", "v0.2.0", **codes)
    assert code == expected
    canaries = [one.split(" canary ")[1].split()[0] for one in words if " canary " in one]
    assert canaries == ["batch", "edge", "rest"]


def test_devices_and_their_share_are_passed_on(project: Path) -> None:
    _, words = run_script(
        project, "scripts/canary.sh", "v0.2.0", DEVICES="all my/devices", SHARE="0.05"
    )
    (edge,) = (one for one in words if " canary edge " in one)
    assert edge.endswith("--devices all my/devices --share 0.05")
    _, words = run_script(project, "scripts/canary.sh", "v0.2.0")
    assert not any("--devices" in one or "--share" in one for one in words)
