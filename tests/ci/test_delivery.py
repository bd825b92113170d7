"""Delivery from a clone: an image of each target, tested before it is pushed, once a version."""

import json

import pytest
import yaml

from tests.checkout import commit, git
from tests.ci.delivery import DIGEST, HOST, Desk, images, pushed
from tests.versions import set_param

pytestmark = pytest.mark.slow
TAG, SECOND = "model#prod#1", "model#prod#3"  # 2: the delivery between them


def test_each_target_is_built_and_tested_but_not_pushed_without_a_registry(desk: Desk) -> None:
    desk.promote("v0.2.0")
    code, calls, output = desk.deliver(TAG)
    assert code == 0, output
    assert [one.split()[0] for one in calls] == [
        *("build", "run", "exec", "stop"),
        *("build", "run") * 3,
    ]
    assert output.endswith("not pushed: REGISTRY is not set\n")
    assert "model#delivered" not in git(desk.bare, "tag")


def test_the_second_version_is_delivered_from_a_clone_and_a_rollback_needs_no_build(
    desk: Desk,
) -> None:
    """The registry, the files of the cluster and what was pushed name one version."""
    desk.promote("v0.1.0")
    code, calls, output = desk.deliver(TAG, **HOST)
    assert code == 0, output
    assert pushed(calls) == images("v0.1.0")
    desk.promote("v0.2.0")
    code, calls, output = desk.deliver(SECOND, **HOST)
    assert code == 0, output
    assert all(f"canary of {one}: go" in output for one in ("rest", "batch", "edge"))
    assert pushed(calls) == images("v0.2.0")
    assert desk.named() == ["v0.2.0"] * 4
    assert "delivered v0.2.0, deployment/prod v0.2.0\n" in desk.versions()

    before = git(desk.bare, "rev-parse", "main"), git(desk.bare, "tag")
    code, calls, output = desk.deliver(SECOND, **HOST)
    assert (code, calls) == (0, []), output
    assert (git(desk.bare, "rev-parse", "main"), git(desk.bare, "tag")) == before

    output = desk.run("scripts/rollback.sh")
    assert "deployment/prod names v0.1.0 in origin/main" in output
    assert desk.named() == ["v0.1.0"] * 4
    assert "registry v0.1.0, delivered v0.1.0, deployment/prod v0.1.0\n" in desk.versions()
    kustomization = git(desk.bare, "show", "main:deployment/prod/kustomization.yaml")
    assert {one["digest"] for one in yaml.safe_load(kustomization)["images"]} == {DIGEST}


def test_an_image_that_does_not_respond_is_not_pushed(desk: Desk) -> None:
    desk.promote("v0.2.0")
    code, calls, _ = desk.deliver(TAG, BROKEN="exec", **HOST)
    assert code
    assert pushed(calls) == []
    assert desk.named() == ["none-yet"] * 4


def test_a_version_that_differs_from_the_registered_one_is_not_built(desk: Desk) -> None:
    desk.promote("v0.2.0")
    message = git(desk.bare, "tag", "--list", "--format=%(contents)", "model@v0.2.0")
    hashed = json.loads(message[message.index("{") :])["files"]["model.onnx"]
    flipped = ("0" if hashed[0] != "0" else "1") + hashed[1:]
    (desk.folder / "message").write_text(message.replace(hashed, flipped), "utf-8")
    again = ("--annotate", "--force", "--cleanup=verbatim", "--file", str(desk.folder / "message"))
    git(desk.bare, "tag", *again, "model@v0.2.0", "model@v0.2.0^{commit}")
    code, calls, output = desk.deliver(TAG, **HOST)
    assert (code, calls) == (1, []), output
    assert "v0.2.0 does not match its manifest: " in output


def test_after_a_failed_canary_the_previous_version_is_restored_and_delivered(desk: Desk) -> None:
    """The canary requires equal scores, which another model never has."""
    desk.promote("v0.1.0")
    desk.run("uv", "run", "dvc", "pull", "--quiet")
    set_param(desk.clone, "canary", "min_agreement", 1.0)
    desk.push("Ask for equal scores")
    desk.run("uv", "run", "modelyard", "register")
    desk.promote("v0.3.0")
    code, calls, output = desk.deliver("model#prod#2", **HOST)
    assert code == 20, output
    assert pushed(calls) == []
    assert all(f"canary of {one}: no go" in output for one in ("rest", "batch", "edge"))
    assert "model#prod#3" in git(desk.bare, "tag").split()
    listed = json.loads(desk.run("uv", "run", "modelyard", "versions", "--json"))
    stages = {one["version"]: one["stages"] for one in listed}
    assert stages == {"v0.3.0": [], "v0.2.0": [], "v0.1.0": ["prod"]}
    code, calls, output = desk.deliver("model#prod#3", **HOST)
    assert code == 0, output
    assert pushed(calls) == images("v0.1.0")
    assert desk.named() == ["v0.1.0"] * 4


@pytest.mark.parametrize(
    ("words", "tag", "message"),
    [
        (("tag", "model#prod#evil"), "model#prod#evil", "allowed is a promotion such as"),
        (("tag", "model#prod#2"), "model#prod#2", "allowed is a promotion such as"),
        (("tag", "-a", "-m", "x", "model#prod#2"), "model#prod#2", "allowed is a promotion such"),
        (("tag", "other"), "other", "allowed is a promotion such as"),
        (("tag", "at-the-commit"), TAG, "v0.2.0 is of "),
    ],
    ids=["not a number", "lightweight", "not registered", "no promotion", "another commit"],
)
def test_what_the_registry_does_not_name_is_not_built(
    desk: Desk, words: tuple[str, ...], tag: str, message: str
) -> None:
    desk.promote("v0.2.0")
    commit(desk.clone, "Not reviewed")
    git(desk.clone, *words)
    git(desk.clone, "push", "--quiet", "--tags", "origin")
    code, calls, output = desk.deliver(tag, at=words[-1], **HOST)
    assert (code, calls) == (1, []), output
    assert message in output


def test_a_remote_that_takes_no_commits_stops_the_delivery_before_anything_is_built(
    desk: Desk,
) -> None:
    desk.promote("v0.2.0")
    code, calls, output = desk.deliver(TAG, PUSH_URL="/nowhere.git", **HOST)
    assert code, output
    assert calls == []
