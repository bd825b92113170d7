"""Versions of a real model are registered, promoted under load, rolled back, and quarantined."""

import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import git
from tests.projects.under_load import load, predict
from tests.versions import DVC, MODELYARD, libraries, run_command
from tests.waiting import PATIENCE_S, wait_until
from tools.service import running_service

Run = Callable[..., "subprocess.CompletedProcess[str]"]
GTO = ["uv", "run", "gto"]
SERVE = ["uv", "run", "modelyard", "serve"]
REFUSED = 20
ROLLBACK_S = 30
VERSIONS = ("v0.1.0", "v0.2.0")
WAIT_BEFORE_PUSHING = """#!/bin/sh
touch "{waiting}"
until [ -e "{go}" ]; do sleep 0.05; done
"""


@pytest.fixture
def project(two_versions: Path, tmp_path: Path) -> Path:
    """A copy of the project, for a test to change."""
    return Path(shutil.copytree(two_versions, tmp_path / "project"))


@pytest.fixture
def run(trained: Path, project: Path) -> Run:
    """Return a function that runs a command in the project and returns the completed process."""
    return lambda *words, **more: run_command(trained, more.get("folder", project), *words)


def version_of(response: bytes) -> str:
    return str(json.loads(response)["model_version"])


@pytest.mark.slow
def test_a_rollback_under_load_fails_no_request_and_gives_the_same_bytes_as_before(
    run: Run, project: Path, trained: Path, tmp_path: Path
) -> None:
    assert run("scripts/promote.sh", "v0.1.0").returncode == 0
    body = run(*MODELYARD, "example", "20").stdout.encode()
    responses: list[bytes] = []
    failures: list[str] = []
    own = libraries(trained, project) | {"MODEL_DIR": "served/prod", "REST_RELOAD_S": "0.2"}
    command = ["env", *(f"{name}={value}" for name, value in own.items()), *SERVE]
    with running_service(command, project, tmp_path / "rest.log") as url:
        before = predict(url, body)
        with load(url, body, responses, failures):
            assert run("scripts/promote.sh", "v0.2.0").returncode == 0
            wait_until(lambda: predict(url, body) != before)
            started = time.monotonic()
            done = run("scripts/rollback.sh")
            wait_until(lambda: predict(url, body) == before)
            took_s = time.monotonic() - started
    print(f"rolled back in {took_s:.1f} s under load, {len(responses)} answers")
    assert f"prod is v0.1.0 (model {version_of(before)}) now: model#prod#3" in done.stdout
    assert failures == []
    counts = Counter(responses)
    assert len(counts) == 2
    assert len({version_of(response) for response in counts}) == 2
    assert counts[before] > 0
    assert took_s < ROLLBACK_S


@pytest.mark.slow
def test_gto_reads_the_same_versions_and_stages(run: Run, project: Path) -> None:
    run(*MODELYARD, "promote", "v0.2.0")
    run(*MODELYARD, "promote", "v0.1.0", "--stage", "test")
    lines = json.loads(run(*MODELYARD, "versions", "--json").stdout)
    ours = {stage: line["version"] for line in lines for stage in line["stages"]}
    state = json.loads(run(*GTO, "show", "--json").stdout)["model"]
    assert state["version"] == lines[0]["version"] == "v0.2.0"
    assert state["stage"] == ours == {"prod": "v0.2.0", "test": "v0.1.0"}
    run(*MODELYARD, "quarantine", "v0.2.0", "--why", "a leak")
    assert json.loads(run(*GTO, "show", "--json").stdout)["model"]["version"] == "v0.1.0"


@pytest.mark.slow
def test_of_two_concurrent_promotions_one_wins_and_both_clones_agree(
    run: Run, project: Path, trained: Path, tmp_path: Path
) -> None:
    bare, other = tmp_path / "bare.git", tmp_path / "other"
    git(tmp_path, "clone", "--quiet", "--bare", str(project), str(bare))
    git(project, "remote", "add", "origin", str(bare))
    git(project, "push", "--quiet", "origin", "HEAD:refs/heads/shared")
    git(tmp_path, "clone", "--quiet", "--branch", "shared", str(bare), str(other))
    for clone in (project, other):
        known = f"['remote \"storage\"']\n    url = {tmp_path / 'storage'}\n"
        (clone / ".dvc" / "config.local").write_text(known, "utf-8")
    assert run(*DVC, "push", "--all-tags").returncode == 0

    waiting, go = tmp_path / "waiting", tmp_path / "go"
    hook = other / ".git" / "hooks" / "pre-push"
    hook.write_text(WAIT_BEFORE_PUSHING.format(waiting=waiting, go=go), "utf-8")
    hook.chmod(0o755)
    late = subprocess.Popen(
        [*MODELYARD, "promote", "v0.1.0", "--by", "Bob", "--push"],
        cwd=other, env=libraries(trained, other), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    wait_until(lambda: waiting.exists() or late.poll() is not None)
    assert late.poll() is None, late.communicate()
    first = run(*MODELYARD, "promote", "v0.2.0", "--by", "Ada", "--push")
    go.touch()
    _, errors = late.communicate(timeout=PATIENCE_S)

    assert first.returncode == 0, first.stderr
    assert late.returncode == REFUSED, errors
    assert errors.startswith("refused: Ada was first: model#prod#1 is of ")
    for clone in (project, other):
        newest, oldest = json.loads(run(*MODELYARD, "versions", "--json", folder=clone).stdout)
        assert (newest["stages"], oldest["stages"]) == (["prod"], [])


@pytest.mark.slow
def test_an_altered_version_is_reported_and_not_promoted(run: Run, project: Path) -> None:
    model = (project / "models" / "model.onnx").read_bytes()
    assert run(*MODELYARD, "verify", "v0.2.0").returncode == 0
    for path in (project / ".dvc" / "cache").rglob("*"):
        if path.is_file() and path.read_bytes() == model:
            path.chmod(0o644)
            path.write_bytes(model[:-1] + bytes([model[-1] ^ 1]))
    verified = run(*MODELYARD, "verify", "v0.2.0")
    assert verified.returncode == 1
    assert verified.stderr.startswith("v0.2.0: files.model.onnx: the manifest says ")
    promoted = run("scripts/promote.sh", "v0.2.0")
    assert promoted.returncode == REFUSED
    assert "v0.2.0 does not match its manifest: files.model.onnx" in promoted.stderr
    assert not (project / "served").exists()


@pytest.mark.slow
def test_a_quarantined_version_cannot_be_promoted(run: Run, project: Path) -> None:
    for version in VERSIONS:
        assert run("scripts/promote.sh", version).returncode == 0
    assert run(*MODELYARD, "quarantine", "v0.1.0", "--why", "a leak").returncode == 0
    promoted = run("scripts/promote.sh", "v0.1.0", "test")
    assert (promoted.returncode, promoted.stdout) == (REFUSED, "")
    assert promoted.stderr == "refused: v0.1.0 is quarantined: a leak\n"
    assert run("scripts/rollback.sh").returncode == REFUSED
    assert not (project / "served" / "test").exists()


@pytest.mark.slow
def test_a_version_shows_its_parameters_gate_and_data(run: Run) -> None:
    version: dict[str, Any] = json.loads(run(*MODELYARD, "show", "v0.2.0").stdout)
    assert version["params"]["train"]["rounds"] == 80
    assert version["gate"]["verdict"].startswith("Accepted")
    assert all(version["tracked"].values())
    assert run(*MODELYARD, "card", "v0.2.0").stdout.startswith(
        f"# Model {version['model']['version']}"
    )
