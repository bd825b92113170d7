"""Canary of the REST target: replay the same requests to two services, and compare.

A service is a running one, or one started from a model's folder.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ...console import UserError
from ...params import read_params
from ...params_release import Canary
from ...project import VARIABLE, Project
from ...serving.rest.limits import Limits
from ..check import Check, report_and_exit, success_check
from ..judge import confirm_latency, judge
from .traffic import Request, read_outputs, replay, requests

WARM_UP = 20  # requests that are not measured, as a new process is slow
SERVING = re.compile(rb"serving \S+ on http://([0-9.]+:\d+)")
START_S, STOP_S, POLL_S = 60.0, 10.0, 0.05


@contextmanager
def running_service(place: str, package: str, code: Path | None = None) -> Iterator[str]:
    """Yield the host and port of a service; start it for the block if `place` is a folder."""
    if place.startswith("http://"):
        yield place.removeprefix("http://").rstrip("/")
        return
    with TemporaryDirectory() as records, (Path(records) / "log").open("w+b") as log:
        process = start(Path(place), Path(records), log.fileno(), package, code)
        try:
            yield wait_until_ready(process, Path(log.name), place)
        finally:
            stop(process)


def start(
    folder: Path, records: Path, log: int, package: str, code: Path | None
) -> "subprocess.Popen[bytes]":
    """Start a service with one worker on a free port, without token, with separate records."""
    own = {"MODEL_DIR": str(folder), "REST_RECORD_DIR": str(records), "REST_RELOAD_S": "0"}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REST_")}
    own[VARIABLE] = package
    if code:
        own["PYTHONPATH"] = str(code.absolute())
    command = [sys.executable, "-m", "modelyard.serving.rest", "--port", "0"]
    return subprocess.Popen(command, env=plain | own, stdout=log, stderr=log)


def wait_until_ready(process: "subprocess.Popen[bytes]", log: Path, model: str) -> str:
    """Wait until the service of a model is ready; return its host and port."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        exited, output = process.poll() is not None, log.read_bytes()
        if found := SERVING.search(output):
            return found[1].decode()
        if exited:
            lines = output.decode(errors="replace").strip().splitlines() or ["it exited"]
            raise UserError(f"the service of {model} does not start: {lines[-1]}")
        time.sleep(POLL_S)
    raise UserError(f"the service of {model} was not ready within {START_S:g} s")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Terminate a service; kill it if it does not exit in time."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def check_services(
    old: AbstractContextManager[str],
    new: AbstractContextManager[str],
    sent: Sequence[Request],
    limits: Canary,
) -> list[Check]:
    """Start both services, send them the same requests, and return the checks.

    Raises:
        UserError: the serving model's service, `old`, does not start.
    """
    with ExitStack() as running:
        services = [running.enter_context(old)]
        try:
            services.append(running.enter_context(new))
        except UserError as error:
            return [success_check("service starts", str(error))]
        replay(services, sent[:WARM_UP])

        def measure() -> list[Check]:
            before, after = (read_outputs(one, sent) for one in replay(services, sent))
            return judge(before, after, limits)

        return [success_check("service starts"), *confirm_latency(measure(), measure)]


def compare(project: Project, candidate: str, serving: str, code: Path | None) -> None:
    """Compare two models, write the report, and exit with the verdict's code.

    Both are folders, or `http://HOST:PORT` of running services. `code` is `src/` of the serving
    model's commit, if features have changed since.
    """
    limits, settings = read_params().section(Canary), Limits.read()
    examples = settings.model_dir / "examples.jsonl"
    sent, source = requests(settings.rest_record_dir, examples, limits.max_requests)
    about = {"candidate": candidate, "serving": serving, "requests": source}
    old = running_service(serving, project.package, code)
    new = running_service(candidate, project.package)
    report_and_exit("rest", about, check_services(old, new, sent, limits))
