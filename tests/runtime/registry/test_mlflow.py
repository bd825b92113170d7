"""Registry in MLflow: aliases, copies in git's tags, stores that are not shared."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient
from modelyard.console import UserError
from modelyard.registry import actions
from modelyard.registry.backend import Conflict, Refused
from modelyard.registry.git_tags import GitTags
from modelyard.registry.mlflow import MLflowRegistry, open_backend

from tests.runtime.example import PACKAGE
from tests.runtime.registered import DAYS, git, register
from tests.runtime.registry.conftest import History
from tests.runtime.registry.test_commands import run_command

PROMOTE = """
import mlflow
from modelyard.cli.main import main
print("ready", flush=True)
input()
main()
"""


@pytest.fixture
def tracker() -> str:
    """With MLflow as tracker, it also stores the registry."""
    return "mlflow"


@pytest.fixture
def client(two: MLflowRegistry) -> MlflowClient:
    """A client of the store of two versions, as of another program."""
    return MlflowClient(f"sqlite:///{Path('mlflow.db').resolve().as_posix()}")


@pytest.fixture
def server(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of an MLflow server with its own store, set as MLFLOW_TRACKING_URI."""
    shutil.copy(repository / "mlflow.db", tmp_path / "server.db")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = f"sqlite:///{(tmp_path / 'server.db').as_posix()}"
    words = ["--backend-store-uri", store, "--host", "127.0.0.1", "--port", str(port)]
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")
    with (tmp_path / "server.log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", "--workers", "1", *words],
            cwd=tmp_path, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/health", running)
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def wait_for(url: str, running: "subprocess.Popen[bytes]") -> None:
    """Wait until a server responds, for at most two minutes."""
    end = time.monotonic() + 120
    while running.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not respond; see server.log")


def register_two() -> None:
    """Register two versions."""
    registry = open_backend(PACKAGE)
    register(registry)
    register(registry, "second")


@pytest.fixture
def two(repository_after: Callable[[History], Path]) -> MLflowRegistry:
    """The registry with two versions."""
    repository_after(register_two)
    return MLflowRegistry(PACKAGE)


def promote(registry: MLflowRegistry, version: str, stage: str = "prod") -> str:
    return actions.promote(registry, version, stage, "Ada", DAYS[1]).event


def serving(client: MlflowClient) -> str:
    """Return the version that MLflow's alias prod points at."""
    return client.get_model_version_by_alias(PACKAGE, "prod").tags["key"]


def test_an_alias_points_at_the_serving_version_and_a_tag_marks_a_quarantine(
    two: MLflowRegistry, client: MlflowClient
) -> None:
    promote(two, "v0.1.0")
    promote(two, "v0.2.0")
    assert serving(client) == "v0.2.0"
    actions.roll_back(two, "prod", "Bob", DAYS[2])
    assert serving(client) == "v0.1.0"
    actions.quarantine(two, "v0.2.0", "a leak", "Eve", DAYS[3])
    assert client.get_model_version(PACKAGE, "2").tags["quarantined"] == "a leak"


def test_versions_and_events_are_copied_to_git_tags(two: MLflowRegistry) -> None:
    promote(two, "v0.1.0")
    actions.quarantine(two, "v0.2.0", "a leak", "Eve", DAYS[2])
    assert (GitTags().versions(), GitTags().events()) == (two.versions(), two.events())


def start(words: str) -> "subprocess.Popen[str]":
    """Start a process that waits for a line of input, then runs a command line."""
    command, pipe = [sys.executable, "-c", PROMOTE, *words.split()], subprocess.PIPE
    started = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert started.stdout
    assert started.stdout.readline() == "ready\n"
    return started


def test_concurrent_promotions_get_different_numbers(
    two: MLflowRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    other = start("promote v0.1.0 --by P0")
    assert other.stdin
    other.stdin.write("\n")
    other.stdin.flush()
    code = run_command("promote v0.2.0 --by P1")
    outputs = [other.communicate(), tuple(capsys.readouterr())]
    assert {code, other.returncode} <= {0, 20}, outputs
    won = [out.split("now: ")[1].split(", by ")[0] for out, _ in outputs if "model#prod#" in out]
    assert sorted(won) == [one.tag for one in two.events()]
    assert GitTags().events() == two.events() != []


def test_a_promotion_that_cannot_be_pushed_is_not_stored(two: MLflowRegistry) -> None:
    bare = Path("..", "bare.git").resolve()
    git("clone", "--quiet", "--bare", ".", str(bare))
    git("remote", "add", "origin", str(bare))
    registry = MLflowRegistry(PACKAGE, push=True)
    git("remote", "set-url", "origin", str(bare / "nowhere"))
    with pytest.raises(UserError, match="git "):
        promote(registry, "v0.2.0")
    assert two.events() == GitTags().events() == []


def test_a_store_that_lacks_entries_of_git_is_refused_until_it_adopts_them(
    two: MLflowRegistry, client: MlflowClient
) -> None:
    promote(two, "v0.1.0")
    known = (two.versions(), two.events())
    for name in (PACKAGE, f"{PACKAGE}-decisions"):
        client.delete_registered_model(name)
    message = r"git has model@v0\.1\.0, mlflow\.db of this folder does not; .*: uv run"
    with pytest.raises(UserError, match=message):
        open_backend(PACKAGE)
    assert MLflowRegistry(PACKAGE).adopt() == 3
    registry = open_backend(PACKAGE)
    assert (registry.versions(), registry.events()) == known
    assert serving(client) == "v0.1.0"
    assert registry.adopt() == 0


def test_two_clones_share_a_server(
    server: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")  # as in a job
    ours = open_backend(PACKAGE)
    register(ours)
    register(ours, "second")
    promote(ours, "v0.2.0")
    other = tmp_path / "other"
    git("clone", "--quiet", "--no-tags", str(repository), str(other))
    cache = f"[cache]\n    dir = {repository.as_posix()}/.dvc/cache\n"
    (other / ".dvc" / "config.local").write_text(cache, "utf-8")
    monkeypatch.chdir(other)
    theirs = open_backend(PACKAGE)
    assert theirs.versions() == ours.versions()
    with monkeypatch.context() as patch:
        patch.setattr(theirs, "events", list)  # as it was before ours came
        with pytest.raises(Conflict, match="Ada was first: model#prod#1"):
            promote(theirs, "v0.1.0")
    assert git("tag", "--list") == ""
    assert promote(theirs, "v0.1.0") == "model#prod#2"
    assert git("tag", "--list").split() == ["model#prod#2", "model@v0.1.0"]
    monkeypatch.chdir(repository)
    assert actions.roll_back(open_backend(PACKAGE), "prod", "Bob", DAYS[2]).version.name == "v0.2.0"
    assert serving(MlflowClient(server)) == "v0.2.0"
    assert not (other / "mlflow.db").exists()


def test_a_ci_job_without_a_server_is_refused(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(UserError, match="which a CI job discards; set MLFLOW_TRACKING_URI to"):
        open_backend(PACKAGE)


def test_the_error_for_an_unreachable_server_has_no_password(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://someone:secret@127.0.0.1:1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(UserError, match=r"MLflow's registry: .*; start the server") as error:
        open_backend(PACKAGE)
    assert "secret" not in str(error.value)


def test_a_version_of_another_tool_is_listed_but_never_promoted(
    two: MLflowRegistry, client: MlflowClient
) -> None:
    client.create_model_version(PACKAGE, "s3://elsewhere/model")
    assert [one.name for one in two.versions()] == ["v0.1.0", "v0.2.0", "v0.3.0"]
    with pytest.raises(Refused, match="was not registered from a clean working tree"):
        promote(two, "v0.3.0")
    assert register(two, "third") == "v0.4.0"


@pytest.mark.parametrize("stage", ["latest", "v7"])
def test_a_reserved_alias_is_refused_as_stage(stage: str, two: MLflowRegistry) -> None:
    with pytest.raises(UserError, match="MLflow reserves the alias"):
        promote(two, "v0.1.0", stage)
    assert two.events() == []
