"""Several workers on one port."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, IncompleteRead, RemoteDisconnected
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from modelyard.console import UserError
from modelyard.serving.rest import server
from modelyard.serving.rest.limits import Limits

from tests.runtime import example
from tests.runtime.rest_load import (
    COMMAND,
    CONTENT,
    RunningService,
    ask,
    load,
    running_service,
    served,
)

from examples import ROWS

ON_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="Windows has one worker only")

ANSWERED = 'http_requests_total{method="POST",path="/predict",status="200"}'


@pytest.fixture
def place() -> Iterator[RunningService]:
    """Two workers, both ready."""
    with running_service(REST_WORKERS="2") as place:
        until(lambda: serving_processes(place) == 2)
        yield place


@pytest.fixture(scope="module")
def shared_place(made: Path) -> Iterator[RunningService]:
    """Two workers for all tests that count what is added, and leave two."""
    with running_service(REST_WORKERS="2") as place:
        until(lambda: serving_processes(place) == 2)
        yield place


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def metric(place: RunningService, name: str) -> float:
    """Add up the samples of a metric that begin in this way."""
    lines = served(place, "/metrics").decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def serving_processes(place: RunningService) -> float:
    return metric(place, "model_info{")


def answering(place: RunningService) -> set[str]:
    """Send requests over some connections; return the responding processes, by request id."""
    answers = load(place, connections=16, each=2)
    return {answer.head.split("x-request-id: ")[1].split("-")[0] for answer in answers}


def workers(place: RunningService) -> list[psutil.Process]:
    """Return the workers, without multiprocessing's resource tracker."""
    started = psutil.Process(place.process.pid).children()
    return [one for one in started if is_worker(one)]


def is_worker(process: psutil.Process) -> bool:
    with suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
        return "spawn_main" in " ".join(process.cmdline())
    return False


@ON_WINDOWS
def test_all_workers_respond_and_the_metrics_are_summed(shared_place: RunningService) -> None:
    place = shared_place
    before, rows = metric(place, ANSWERED), metric(place, "predicted_rows_total")
    answers = load(place, connections=16, each=25)
    assert {answer.status for answer in answers} == {200}
    until(lambda: metric(place, ANSWERED) == before + 400)
    assert metric(place, "predicted_rows_total") == rows + 400 * len(ROWS)
    assert metric(place, "requests_under_way") == 0
    assert metric(place, "model_age_seconds") > 0


@ON_WINDOWS
def test_each_worker_takes_some_of_the_connections(shared_place: RunningService) -> None:
    until(lambda: len(answering(shared_place)) == 2)


@ON_WINDOWS
def test_a_worker_that_was_killed_is_replaced_and_its_counts_stay(
    shared_place: RunningService,
) -> None:
    place, before = shared_place, metric(shared_place, "predicted_rows_total")
    load(place, connections=2, each=5)
    lost = workers(place)[0]
    lost.kill()
    until(lambda: lost not in workers(place) and len(workers(place)) == 2)
    until(lambda: serving_processes(place) == 2)
    assert {answer.status for answer in load(place, connections=8, each=10)} == {200}
    assert metric(place, "predicted_rows_total") == before + 90 * len(ROWS)
    assert [line.strip() for line in place.errors] == ["worker exited (-9), starting another"]
    until(lambda: len(answering(place)) == 2)
    assert serving_processes(place) == 2


@ON_WINDOWS
def test_on_sigterm_requests_in_progress_are_completed_and_all_workers_end(
    place: RunningService,
) -> None:
    all_workers = workers(place)
    clients = [HTTPConnection("127.0.0.1", place.port, timeout=30) for _ in range(8)]
    for client in clients:
        client.putrequest("POST", "/predict")
        client.putheader("content-length", str(len(CONTENT)))
        client.endheaders(CONTENT[:10])
    until(lambda: metric(place, "requests_under_way") == 8)
    place.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    for client in clients:
        client.send(CONTENT[10:])
    assert [client.getresponse().status for client in clients] == [200] * 8
    assert place.process.wait(20) == 0
    assert [worker for worker in all_workers if worker.is_running()] == []


def ask_until_closed(place: RunningService, _: int) -> int:
    """Send requests until the server stops; return 1 if a response was incomplete, else 0."""
    with suppress(OSError, HTTPException):
        while True:
            connection = HTTPConnection("127.0.0.1", place.port, timeout=30)
            try:
                while "connection: close" not in ask(connection).head:
                    pass
            except IncompleteRead:
                return 1
            except RemoteDisconnected:
                continue
    return 0


@ON_WINDOWS
@pytest.mark.parametrize(
    "_", [0, *(pytest.param(more, marks=pytest.mark.slow) for more in (1, 2, 3))]
)
def test_on_sigterm_under_load_workers_end_and_no_response_is_incomplete(
    place: RunningService, _: int
) -> None:
    with ThreadPoolExecutor(12) as clients:
        broken = clients.map(partial(ask_until_closed, place), range(12))
        time.sleep(0.5)
        place.process.send_signal(signal.SIGTERM)
        assert place.process.wait(Limits().rest_stop_timeout_s / 2) == 0
        assert sum(broken) == 0


@ON_WINDOWS
def test_workers_end_when_their_parent_is_killed(place: RunningService) -> None:
    all_workers = workers(place)
    assert len(all_workers) == 2
    place.process.kill()
    _, left = psutil.wait_procs(all_workers, timeout=20)
    for worker in left:
        worker.kill()
    assert left == []


@ON_WINDOWS
def test_a_model_that_cannot_be_served_ends_the_service_with_one_line(tmp_path: Path) -> None:
    shutil.copy("models/model.json", tmp_path)
    settings = os.environ | {"MODEL_DIR": str(tmp_path), "REST_WORKERS": "2"}
    done = subprocess.run(COMMAND, capture_output=True, text=True, env=settings, timeout=60)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "model.onnx does not exist" in done.stderr


def test_on_windows_several_workers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "os", SimpleNamespace(name="nt"))
    with pytest.raises(UserError, match=r"^REST_WORKERS is 2, allowed on Windows is 1; start"):
        server.serve(example.PACKAGE, "127.0.0.1", 0, Limits(rest_workers=2))


def test_the_parent_of_workers_imports_no_model_and_no_web_framework() -> None:
    code = (
        "import sys, modelyard.serving.rest.__main__;"
        "print([name for name in ('numpy', 'onnxruntime', 'fastapi') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
