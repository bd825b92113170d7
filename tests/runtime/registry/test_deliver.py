"""Delivery: which tag may be delivered, and where the delivered version then stands."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from modelyard.console import UserError
from modelyard.registry import actions, deployed
from modelyard.registry.backend import DELIVERED, Backend, Refused, open_backend

from tests.runtime.example import PACKAGE
from tests.runtime.registered import DAYS, commit, git, register
from tests.runtime.registry.conftest import History
from tests.runtime.registry.test_commands import run_command

DIGEST = "sha256:" + "a" * 64


def images(version: str, *targets: str) -> dict[str, str]:
    """Return images of a version, all with the same digest."""
    return {one: f"host:5000/team/flights-{one}:{version}@{DIGEST}" for one in targets or ("rest",)}


def promote_two() -> None:
    """Register two versions, and promote them to prod."""
    registry = open_backend(PACKAGE)
    for mark, name in (("", "v0.1.0"), ("second", "v0.2.0")):
        register(registry, mark)
        actions.promote(registry, name, "prod", "Ada", DAYS[1])


@pytest.fixture
def promoted(repository_after: Callable[[History], Path]) -> Backend:
    """A registry with two versions; the second one serves prod and is checked out."""
    repository_after(promote_two)
    return open_backend(PACKAGE)


def deliver(registry: Backend, version: str, given: dict[str, str]) -> dict[str, str]:
    """Record a delivery."""
    return actions.deliver(registry, actions.find(registry, version), given, "Ada", DAYS[2])


@pytest.mark.parametrize("tracker", ["dvclive", "mlflow"])
def test_a_promotion_that_serves_prod_may_be_delivered(promoted: Backend) -> None:
    assert actions.find_deliverable(promoted, "model#prod#2").name == "v0.2.0"


@pytest.mark.parametrize("tag", ["model#prod#evil", "model#prod#9x", "model#test#9", "prod"])
def test_a_tag_that_is_no_promotion_is_refused(promoted: Backend, tag: str) -> None:
    git("tag", "--annotate", "--message=x", tag)
    with pytest.raises(UserError, match=f"the tag is '{tag}', allowed is a promotion such as"):
        actions.find_deliverable(promoted, tag)


def test_a_lightweight_tag_is_refused(promoted: Backend) -> None:
    git("tag", "model#prod#3")
    with pytest.raises(UserError, match="the tag is 'model#prod#3', allowed is"):
        actions.find_deliverable(promoted, "model#prod#3")


def test_an_annotated_tag_of_an_unregistered_commit_is_refused(promoted: Backend) -> None:
    Path("evil.py").touch()
    commit("Not reviewed")
    content = json.dumps({"version": "v0.2.0", "action": "promote"})
    git("tag", "--annotate", f"--message=Promote\n\n{content}", "model#prod#3")
    with pytest.raises(UserError, match="the tag is 'model#prod#3', allowed is"):
        actions.find_deliverable(promoted, "model#prod#3")


def test_a_promotion_that_no_longer_serves_is_refused(promoted: Backend) -> None:
    with pytest.raises(UserError, match=r"model#prod#1 promoted v0\.1\.0, but v0\.2\.0 serves"):
        actions.find_deliverable(promoted, "model#prod#1")


def test_another_commit_than_the_versions_is_refused(promoted: Backend) -> None:
    git("checkout", "--quiet", "HEAD~1")
    with pytest.raises(UserError, match=r"v0\.2\.0 is of \w{12}, checked out is \w{12}"):
        actions.find_deliverable(promoted, "model#prod#2")


@pytest.mark.parametrize("name", ["params.yaml", "src/new.py"])
def test_uncommitted_files_are_refused(promoted: Backend, name: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("data: {as_of: '2024-05-02'}\n", "utf-8")
    with pytest.raises(Refused, match="not committed: "):
        actions.find_deliverable(promoted, "model#prod#2")


def test_a_quarantined_version_is_refused(promoted: Backend) -> None:
    actions.quarantine(promoted, "v0.2.0", "a leak", "Eve", DAYS[2])
    with pytest.raises(Refused, match=r"v0\.2\.0 is quarantined: a leak"):
        actions.find_deliverable(promoted, "model#prod#2")


@pytest.mark.parametrize("tracker", ["dvclive", "mlflow"])
def test_a_delivery_is_recorded_once_and_serves_no_stage(promoted: Backend) -> None:
    for _ in range(2):
        assert deliver(promoted, "v0.2.0", images("v0.2.0")) == images("v0.2.0")
    *_, last = open_backend(PACKAGE).events()
    assert (last.tag, last.action) == (f"model#{DELIVERED}#3", "deliver")
    assert (last.version, last.images) == ("v0.2.0", images("v0.2.0"))
    assert "model#delivered#3" in git("tag").split()
    assert actions.state.serving_versions(promoted.events()) == {"prod": "v0.2.0"}
    assert promoted.versions()[1].name == "v0.2.0"


def test_a_rollback_delivers_the_recorded_images_again(promoted: Backend) -> None:
    deliver(promoted, "v0.1.0", images("v0.1.0"))
    deliver(promoted, "v0.2.0", images("v0.2.0"))
    result = actions.roll_back(promoted, "prod", "Bob", DAYS[3])
    assert result.images == images("v0.1.0")
    assert [one.tag for one in promoted.events()][-2:] == ["model#prod#5", "model#delivered#6"]
    assert actions.promote(promoted, "v0.1.0", "test", "Bob", DAYS[3]).images == {}


def test_the_command_writes_what_kustomize_and_compose_read(
    promoted: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [f"{target}={image}" for target, image in images("v0.2.0", "rest", "batch").items()]
    assert run_command(f"deliver model#prod#2 {' '.join(words)}") == 0
    component = yaml.safe_load(deployed.KUSTOMIZATION.read_text("utf-8"))
    assert component["kind"] == "Component"
    name = {"newName": "host:5000/team/flights-batch", "newTag": "v0.2.0", "digest": DIGEST}
    assert component["images"][0] == {"name": "batch"} | name
    lines = deployed.ENVIRONMENT.read_text("utf-8").splitlines()
    assert "DEPLOYED_VERSION=v0.2.0" in lines
    assert f"REST_IMAGE={images('v0.2.0')['rest']}" in lines
    run_command("versions")
    prod = "prod: registry v0.2.0, delivered v0.2.0, deployment/prod v0.2.0\n"
    assert capsys.readouterr().out.endswith(prod)


@pytest.mark.usefixtures("promoted")
@pytest.mark.parametrize(
    "image", ["rest", "rest=", "rest=flights:v1", f"rest=flights@{DIGEST}", f"rest=a b:v1@{DIGEST}"]
)
def test_an_image_without_tag_or_digest_is_refused_and_nothing_is_recorded(image: str) -> None:
    with pytest.raises(UserError, match=r"an image is 'rest=.*', allowed is TARGET=NAME:TAG@"):
        deployed.contents("v0.2.0", dict([image.partition("=")[::2]]))
    assert str(run_command(f"deliver model#prod#2 {image.split()[0]}")) != "0"
    assert "delivered" not in git("tag")


@pytest.mark.usefixtures("promoted")
def test_without_images_nothing_is_written_and_the_exit_code_is_10() -> None:
    assert run_command("deliver model#prod#2") == 10
    assert git("status", "--porcelain") == ""
    assert "delivered" not in git("tag")


def test_a_rollback_stands_if_the_remote_rejects_its_commit(
    promoted: Backend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(promoted, "v0.1.0", images("v0.1.0"))
    bare = tmp_path / "origin.git"
    git("clone", "--quiet", "--bare", ".", str(bare))
    git("remote", "add", "origin", str(bare))
    (bare / "hooks" / "update").write_text("#!/bin/sh\n[ $1 != refs/heads/main ]\n", "utf-8")
    (bare / "hooks" / "update").chmod(0o755)
    assert run_command("rollback --push") == 1
    printed = capsys.readouterr()
    assert "git push to main: " in printed.err
    assert "prod is v0.1.0 " in printed.out
    assert "model#prod#4" in git("tag", folder=bare).split()


@pytest.mark.usefixtures("promoted")
@pytest.mark.parametrize("words", ["promote v0.1.0", "rollback"])
def test_the_stage_of_deliveries_cannot_be_chosen(words: str) -> None:
    assert run_command(f"{words} --stage delivered") == 2


class Ready(BaseHTTPRequestHandler):
    """A service that runs the model of its server's attribute."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        body = {"status": "ready", "model_version": self.server.model}  # type: ignore[attr-defined]
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


def test_versions_marks_a_service_that_runs_another_version(
    promoted: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    server = HTTPServer(("127.0.0.1", 0), Ready)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        for version, mark in (("v0.2.0", ""), ("v0.1.0", " DIFFERS")):
            manifest = actions.find(promoted, version).manifest
            server.model = manifest["model"]["version"]  # type: ignore[attr-defined]
            run_command(f"versions --service {url}")
            assert capsys.readouterr().out.endswith(f"{url} {version}{mark}\n")
    finally:
        server.shutdown()
        server.server_close()
    assert run_command(f"versions --service {url}") == 1
    assert "does not say what it serves" in capsys.readouterr().err
