"""Delivery: an image of each target, tested before it is pushed."""

import json
import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.ci.hosts import run_in
from tests.versions import set_param
from tests.vulnerability_database import database

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_environment")]
TAG, SECOND, BACK = "model#prod#1", "model#prod#2", "model#prod#3"
HOST = {
    "REGISTRY": "registry.example.invalid/team",
    "REGISTRY_USER": "me",
    "REGISTRY_PASSWORD": "x",
}
ENGINE = """#!/usr/bin/env bash
last=${@: -1}
echo "$1 ${last%%$'\n'*}" >>"$RECORD"
[ "$1" != "${BROKEN:-}" ] || exit 1
"""


@pytest.fixture
def released(two_versions: Path, tmp_path: Path) -> Path:
    """A project whose newest version is promoted."""
    return promoted(two_versions, tmp_path / "project", "v0.2.0")


def promoted(two_versions: Path, project: Path, *versions: str) -> Path:
    """Copy the project and promote versions, one after the other."""
    shutil.copytree(two_versions, project, symlinks=True)
    for version in versions:
        done = run_in(project, "scripts/promote.sh", version)
        assert done.returncode == 0, done.stdout
    return project


def delivered(
    project: Path, folder: Path, tag: str = TAG, **more: str
) -> tuple[int, list[str], str]:
    """Deliver with an engine that records its calls; return exit code, calls and output."""
    engine, record = folder / "podman", folder / "record"
    engine.write_text(ENGINE, "utf-8")
    engine.chmod(0o755)
    record.write_text("")
    settings = {"CONTAINER_ENGINE": str(engine), "RECORD": str(record)} | more
    with database() as known:
        done = run_in(project, "scripts/deliver.sh", tag, AUDIT_URL=known, **settings)
    return done.returncode, record.read_text("utf-8").splitlines(), done.stdout


def pushed(calls: list[str]) -> list[str]:
    """Return the images that were pushed."""
    return [one.removeprefix("push ") for one in calls if one.startswith("push ")]


def images(tag: str) -> list[str]:
    """Return the names under which the images of a tag are pushed."""
    return [f"{HOST['REGISTRY']}/flight_delays-{one}:{tag}" for one in ("rest", "batch", "edge")]


def test_each_target_is_built_and_tested_but_not_pushed_without_a_registry(
    released: Path, tmp_path: Path
) -> None:
    code, calls, output = delivered(released, tmp_path)
    assert code == 0, output
    assert [one.split()[0] for one in calls] == [
        *("build", "run", "exec", "stop"),
        *("build", "run"),
        *("build", "run"),
    ]
    assert output.endswith("not pushed: REGISTRY is not set\n")


def test_with_a_registry_each_image_is_pushed_under_the_tag(released: Path, tmp_path: Path) -> None:
    code, calls, output = delivered(released, tmp_path, **HOST)
    assert code == 0, output
    assert pushed(calls) == images("model-prod-1")


def test_an_image_that_does_not_respond_is_not_pushed(released: Path, tmp_path: Path) -> None:
    code, calls, _ = delivered(released, tmp_path, BROKEN="exec", **HOST)
    assert code
    assert pushed(calls) == []


def test_a_version_that_differs_from_the_registered_one_is_not_built(
    released: Path, tmp_path: Path
) -> None:
    message = git(released, "tag", "--list", "--format=%(contents)", "model@v0.2.0")
    hashed = json.loads(message[message.index("{") :])["files"]["model.onnx"]
    flipped = ("0" if hashed[0] != "0" else "1") + hashed[1:]
    (tmp_path / "message").write_text(message.replace(hashed, flipped), "utf-8")
    again = ("--annotate", "--force", "--cleanup=verbatim", "--file", str(tmp_path / "message"))
    git(released, "tag", *again, "model@v0.2.0", "model@v0.2.0^{commit}")
    code, calls, output = delivered(released, tmp_path, **HOST)
    assert (code, calls) == (1, []), output
    assert f"v0.2.0: files.model.onnx: the manifest says {flipped}"[:60] in output


def test_after_a_failed_canary_the_previous_version_is_restored_and_delivered(
    two_versions: Path, tmp_path: Path
) -> None:
    """The canary requires equal scores, which another model never has."""
    project, bare = tmp_path / "project", tmp_path / "origin.git"
    promoted(two_versions, project, "v0.1.0", "v0.2.0")
    git(project, "clone", "--quiet", "--bare", ".", str(bare))
    git(project, "remote", "add", "origin", str(bare))
    set_param(project, "canary", "min_agreement", 1.0)
    code, calls, output = delivered(project, tmp_path, SECOND, REGISTRY_PUSH="1", **HOST)
    assert code == 20, output
    assert pushed(calls) == []
    assert all(f"canary of {one}: no go" in output for one in ("rest", "batch", "edge"))
    assert BACK in git(bare, "tag").split()
    listed = json.loads(run_in(project, "uv", "run", "modelyard", "versions", "--json").stdout)
    assert {one["version"]: one["stages"] for one in listed} == {"v0.2.0": [], "v0.1.0": ["prod"]}

    git(project, "checkout", "--quiet", "--force", BACK)
    code, calls, output = delivered(project, tmp_path, BACK, **HOST)
    assert code == 0, output
    assert pushed(calls) == images("model-prod-3")


def test_only_a_promotion_is_delivered(released: Path, tmp_path: Path) -> None:
    code, calls, output = delivered(released, tmp_path, "model@v0.2.0")
    assert (code, calls) == (1, [])
    assert output == "error: the tag is 'model@v0.2.0', allowed is for example 'model#prod#1'\n"


def test_a_commit_other_than_the_tagged_one_is_refused(released: Path, tmp_path: Path) -> None:
    commit(released, "One more")
    code, calls, output = delivered(released, tmp_path)
    assert (code, calls) == (1, [])
    assert output == f"error: {TAG} is not checked out\n"
