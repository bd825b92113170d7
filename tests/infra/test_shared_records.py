"""Two containers of the service share a volume of records, which the pipeline's image monitors."""

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import WITHOUT_VENV
from tests.infra.engine import HARDENED, Engine
from tests.infra.watching import responds, until
from tools.service import free_port, post

pytestmark = pytest.mark.slow
USER, VOLUME = 10001, "records-test"
SHARED = {"REST_RECORD_DIR": "/records", "REST_INDEX_DIR": "/tmp", "REST_RECORD_SHARE": "1"}


@pytest.fixture
def volume(engine: Engine) -> Iterator[str]:
    """A new named volume, as compose creates it."""
    engine.podman("volume", "create", VOLUME)
    yield VOLUME
    engine.podman("volume", "rm", "--force", VOLUME, ok=False)


@contextmanager
def pod(engine: Engine, image: str, volume: str) -> Iterator[str]:
    """Run the service on a volume of records; yield its address."""
    port = free_port()
    settings = [word for pair in SHARED.items() for word in ("--env", "=".join(pair))]
    mount = ["--volume", f"{volume}:/records"]
    words = ["--host", "127.0.0.1", "--port", str(port)]
    run = ["run", "--detach", *HARDENED, *settings, *mount, image, *words]
    container = engine.podman(*run).stdout.strip()
    try:
        url = f"http://127.0.0.1:{port}"
        until(lambda: responds(f"{url}/ready"))
        yield url
    finally:
        engine.podman("stop", "--time", "20", container, ok=False)
        engine.podman("rm", "--force", "--time", "0", container, ok=False)


def predict(url: str, rows: list[Any], name: str) -> None:
    """Predict rows as one request."""
    body = json.dumps({"rows": rows}).encode()
    kind = {"content-type": "application/json", "x-request-id": name}
    with urllib.request.urlopen(
        urllib.request.Request(f"{url}/predict", body, kind), timeout=30
    ) as answer:
        assert answer.status == 200


def monitored(engine: Engine, image: str, volume: str, project: Path) -> Any:
    """Run the monitor of a project on a volume; return the finished process."""
    mounts = ["--volume", f"{project}:/project", "--volume", f"{volume}:/records:ro"]
    settings = ["--env", "REST_RECORD_SHARE=1", "--env", "REST_RECORD_DIR=/records"]
    run = ["run", "--rm", *HARDENED, *mounts, *settings, "--entrypoint", "bash"]
    return engine.podman(*run, image, "scripts/monitor.sh", ok=False)


def test_labels_and_the_monitor_see_what_any_container_has_recorded(
    engine: Engine,
    rest_image: str,
    pipeline_image: str,
    volume: str,
    trained: Path,
    tmp_path: Path,
) -> None:
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    subprocess.run(["chown", "-R", f"{USER}:{USER}", project], check=True)
    lines = (trained / "models" / "examples.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    with ExitStack() as life:
        pods = [life.enter_context(pod(engine, rest_image, volume)) for _ in range(2)]
        for number, url in enumerate(pods):
            predict(url, rows, f"one-{number}")
        other = [{"request_id": f"one-{1 - n}", "row": 0, "label": "late"} for n in (0, 1)]
        for label, url in zip(other, pods, strict=True):
            assert post(f"{url}/feedback", {"labels": [label]})[1]["answers"][0]["answer"] == "kept"
        for label, url in zip(reversed(other), pods, strict=True):
            answer = post(f"{url}/feedback", {"labels": [label]})[1]["answers"][0]["answer"]
            assert answer == "known"

    done = monitored(engine, pipeline_image, volume, project)

    assert done.returncode in (0, 10), done.stdout + done.stderr
    report = json.loads((project / "reports/monitoring/report.json").read_text("utf-8"))
    assert (report["rows"], report["labels"]) == (2 * len(rows), 2)


def test_a_monitor_without_the_volume_reports_an_incident(
    engine: Engine, pipeline_image: str, trained: Path, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    subprocess.run(["chown", "-R", f"{USER}:{USER}", project], check=True)
    settings = ["--env", "REST_RECORD_SHARE=1", "--env", "REST_RECORD_DIR=/records"]
    mounts = ["--volume", f"{project}:/project"]
    run = ["run", "--rm", *HARDENED, *mounts, *settings, "--entrypoint", "bash"]
    done = engine.podman(*run, pipeline_image, "scripts/monitor.sh", ok=False)
    assert done.returncode == 20, done.stdout + done.stderr
    assert "no record, although REST_RECORD_SHARE records to /records" in done.stdout
