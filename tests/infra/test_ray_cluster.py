"""A batch on a real Ray cluster of three machines, of which one dies while it scores."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.infra.machines import Machine, machines, title
from tests.infra.watching import changed
from tools.service import free_port
from tools.steps import environment

pytestmark = pytest.mark.slow
BATCH, ON_RAY = ["-m", "modelyard.serving.batch"], ["--engine", "ray"]
SMALL = {"BATCH_CHUNK_ROWS": "400"}
PATIENCE_S = 300
# Fixed ports: each machine has its own. A busy host gets time; a machine that is gone does not.
PORTS = ["--dashboard-agent-grpc-port=52366", "--dashboard-agent-listen-port=52365"]
PORTS += ["--metrics-export-port=8080", "--runtime-env-agent-port=52367"]
SIZE = ["--object-store-memory=100000000", "--disable-usage-stats", "--block"]
SETTINGS = {
    "HOME": "/mnt",
    "RAY_TMPDIR": "/mnt",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": "no-secret-but-long-enough-for-a-token",
    "RAY_raylet_start_wait_time_s": "120",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "5000",
    "RAY_health_check_failure_threshold": "3",
}


def until(true: "Iterator[bool]", what: str) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE_S
    while not next(true):
        assert time.monotonic() < end, f"{what} took more than {PATIENCE_S} s"
        time.sleep(0.05)


def join(machine: Machine, ray: Path, *words: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Start Ray on a machine, once more if its parts were too slow for each other."""
    log = folder / f"{machine.address}.log"
    command = [ray, "start", f"--node-ip-address={machine.address}", *words, *PORTS, *SIZE]
    for _ in range(3):
        with log.open("wb") as output:
            own = environment() | SETTINGS
            process = machine.start(*command, environment=own, log=output)
        while process.poll() is None:
            if "Ray runtime started" in log.read_text("utf-8"):
                return process
            time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


@contextmanager
def cluster(project: Path, folder: Path) -> Iterator[list[Machine]]:
    """Run Ray on a head, which scores nothing, and on two workers of two processes each."""
    ray = project / ".venv" / "bin" / "ray"
    with machines(3) as all_of_them:
        head, *workers = all_of_them
        nodes = [join(head, ray, "--head", "--port=6379", "--num-cpus=0", folder=folder)]
        for worker in workers:
            to_head = ["--address=10.77.0.1:6379", "--num-cpus=2"]
            nodes.append(join(worker, ray, *to_head, folder=folder))
        yield all_of_them
    for node in nodes:
        node.wait(30)


def caught(machine: Machine) -> Iterator[bool]:
    """Tell, again and again, whether a process that scores was stopped on a machine."""
    while True:
        for pid in machine.processes():
            if title(pid).startswith("ray::MapBatches"):
                os.kill(pid, signal.SIGSTOP)
                if title(pid).startswith("ray::MapBatches"):
                    yield True
                os.kill(pid, signal.SIGCONT)
        yield False


def losing_a_worker(
    project: Path, source: Path, output: Path, **settings: str
) -> tuple[int, str, int]:
    """Score on a cluster of which one machine dies with a chunk in its hands.

    Returns:
        The exit code, what standard error says, how many parts were there when it died.
    """
    python, log = project / ".venv" / "bin" / "python", output.parent / "run.log"
    with cluster(project, output.parent) as all_of_them:
        head, _, worker = all_of_them
        own = environment() | SETTINGS | SMALL | {"RAY_ADDRESS": "10.77.0.1:6379"} | settings
        with log.open("wb") as said:
            command = head.command(python, *BATCH, *ON_RAY, source, output, folder=project)
            run = subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=said)
        try:
            until(started(run, output), "the first part")
            until(caught(worker), "a chunk on the worker")
            parts = len(kept(output))
            worker.die()
            code = run.wait(PATIENCE_S)
        finally:
            run.kill()
    assert [pid for one in all_of_them for pid in one.processes()] == []
    return code, log.read_text("utf-8"), parts


def started(run: "subprocess.Popen[bytes]", output: Path) -> Iterator[bool]:
    """Tell, again and again, whether a run has kept its first part."""
    while run.poll() is None:
        yield len(kept(output)) > 0
    raise AssertionError((output.parent / "run.log").read_text("utf-8"))


def kept(output: Path) -> list[Path]:
    """List the parts that a run has finished, but not published."""
    return list((output / ".batch").glob("*/part-*.json"))


def published(output: Path) -> dict[str, bytes]:
    """Return the files that a run has published."""
    return {file.name: file.read_bytes() for file in sorted(output.glob("*")) if file.is_file()}


@pytest.fixture
def rows(with_ray: Path) -> Path:
    """The example's rows, more than eighty chunks of them."""
    return with_ray / "data" / "sample" / "flights.parquet"


def test_a_worker_that_dies_changes_nothing(with_ray: Path, rows: Path, tmp_path: Path) -> None:
    code, said, parts = losing_a_worker(with_ray, rows, tmp_path / "ray")
    assert code == 0, said
    assert 0 < parts < 80

    python, own = with_ray / ".venv" / "bin" / "python", environment() | SMALL
    here = [*map(str, (python, *BATCH, rows, tmp_path / "here"))]
    subprocess.run(here, cwd=with_ray, env=own, check=True, capture_output=True)
    assert len(published(tmp_path / "here")) == 86
    assert published(tmp_path / "ray") == published(tmp_path / "here")
    assert not Path("/mnt/ray").exists()


def test_without_another_try_a_dead_worker_fails_the_run_and_nothing_is_published(
    with_ray: Path, rows: Path, tmp_path: Path
) -> None:
    source = Path(shutil.copytree(with_ray / "src", tmp_path / "src"))
    changed(
        source / "modelyard/serving/batch/ray.py",
        "batch_size=1,",
        "batch_size=1, max_retries=0,",
    )
    code, said, _ = losing_a_worker(with_ray, rows, tmp_path / "ray", PYTHONPATH=str(source))
    assert code == 1
    assert said.splitlines()[-1].startswith("error: the cluster failed: ")
    assert "is dead or unavailable" in said.splitlines()[-1]
    assert "Traceback" not in said
    assert published(tmp_path / "ray") == {}


def test_an_address_where_nobody_answers_is_one_line_within_seconds(
    with_ray: Path, rows: Path, tmp_path: Path
) -> None:
    python, address = with_ray / ".venv" / "bin" / "python", f"127.0.0.1:{free_port()}"
    own = environment() | {"RAY_ADDRESS": address}
    done = subprocess.run(
        [python, *BATCH, *ON_RAY, rows, tmp_path / "out"],
        cwd=with_ray, env=own, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    errors = [line for line in done.stderr.splitlines() if not line.startswith("batch: ignored")]
    assert done.returncode == 1
    assert len(errors) == 1
    assert errors[0].startswith(f"error: RAY_ADDRESS is '{address}', no cluster responds: ")
    assert published(tmp_path / "out") == {}
