"""A batch on a Ray cluster of three machines, one of which fails while it scores."""

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
TIMEOUT_S = 300
# Each machine has fixed ports of its own. A busy host gets time; a machine that failed does not.
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


def wait_until(true: "Iterator[bool]", what: str) -> None:
    """Wait until a condition is true."""
    end = time.monotonic() + TIMEOUT_S
    while not next(true):
        assert time.monotonic() < end, f"{what} took more than {TIMEOUT_S} s"
        time.sleep(0.05)


def join(machine: Machine, ray: Path, *words: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Start Ray on a machine; try again if its parts time out."""
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
    """Run Ray on a head, which scores nothing, and on two workers with two processes each."""
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


def scoring_stopped(machine: Machine) -> Iterator[bool]:
    """Yield, again and again, whether a scoring process was stopped on a machine."""
    while True:
        for pid in machine.processes():
            if title(pid).startswith("ray::MapBatches"):
                os.kill(pid, signal.SIGSTOP)
                if title(pid).startswith("ray::MapBatches"):
                    yield True
                os.kill(pid, signal.SIGCONT)
        yield False


def score_with_loss(
    project: Path, source: Path, output: Path, **settings: str
) -> tuple[int, str, int]:
    """Score on a cluster of which one machine fails while it scores a chunk.

    Returns:
        The exit code, standard error, and the number of parts when the machine failed.
    """
    python, log = project / ".venv" / "bin" / "python", output.parent / "run.log"
    with cluster(project, output.parent) as all_of_them:
        head, _, worker = all_of_them
        own = environment() | SETTINGS | SMALL | {"RAY_ADDRESS": "10.77.0.1:6379"} | settings
        with log.open("wb") as errors:
            command = head.command(python, *BATCH, *ON_RAY, source, output, folder=project)
            run = subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=errors)
        try:
            wait_until(has_part(run, output), "the first part")
            wait_until(scoring_stopped(worker), "a chunk on the worker")
            parts = len(finished_parts(output))
            worker.die()
            code = run.wait(TIMEOUT_S)
        finally:
            run.kill()
    return code, log.read_text("utf-8"), parts


def has_part(run: "subprocess.Popen[bytes]", output: Path) -> Iterator[bool]:
    """Yield, again and again, whether a run has finished its first part."""
    while run.poll() is None:
        yield len(finished_parts(output)) > 0
    raise AssertionError((output.parent / "run.log").read_text("utf-8"))


def finished_parts(output: Path) -> list[Path]:
    """Return the parts that a run has finished but not published."""
    return list((output / ".batch").glob("*/part-*.json"))


def published(output: Path) -> dict[str, bytes]:
    """Return the files that a run has published."""
    return {file.name: file.read_bytes() for file in sorted(output.glob("*")) if file.is_file()}


@pytest.fixture
def rows(with_ray: Path) -> Path:
    """The example's rows, in more than eighty chunks."""
    return with_ray / "data" / "sample" / "flights.parquet"


def test_a_lost_worker_changes_no_score(with_ray: Path, rows: Path, tmp_path: Path) -> None:
    code, output, parts = score_with_loss(with_ray, rows, tmp_path / "ray")
    assert code == 0, output
    assert 0 < parts < 80

    python, own = with_ray / ".venv" / "bin" / "python", environment() | SMALL
    here = [*map(str, (python, *BATCH, rows, tmp_path / "here"))]
    subprocess.run(here, cwd=with_ray, env=own, check=True, capture_output=True)
    assert len(published(tmp_path / "here")) == 86
    assert published(tmp_path / "ray") == published(tmp_path / "here")
    assert not Path("/mnt/ray").exists()


def test_without_retries_a_lost_worker_fails_the_run_and_nothing_is_published(
    with_ray: Path, rows: Path, tmp_path: Path
) -> None:
    source = Path(shutil.copytree(with_ray / "src", tmp_path / "src"))
    changed(
        source / "modelyard/serving/batch/ray.py",
        "batch_size=1,",
        "batch_size=1, max_retries=0,",
    )
    code, output, _ = score_with_loss(with_ray, rows, tmp_path / "ray", PYTHONPATH=str(source))
    assert code == 1
    assert output.splitlines()[-1].startswith("error: the cluster failed: ")
    assert "is dead or unavailable" in output.splitlines()[-1]
    assert "Traceback" not in output
    assert published(tmp_path / "ray") == {}


def test_an_unreachable_address_is_reported_in_one_line_within_seconds(
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
