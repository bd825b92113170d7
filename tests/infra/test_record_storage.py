"""Records in an S3-compatible store: copied by `sync-records`, evaluated by a monitor elsewhere."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import WITHOUT_VENV
from tests.infra.store import KEYS, require_keys, store
from tools.service import free_port
from tools.steps import environment

pytestmark = pytest.mark.slow
UNTIL, URL = "2013-10-15", "s3://store/records"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a store."""
    with store() as place:
        yield place


@pytest.fixture(scope="module")
def recorded(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained project with records of several days and their labels."""
    project = tmp_path_factory.mktemp("recorded") / "project"
    shutil.copytree(trained, project, ignore=WITHOUT_VENV)
    assert modelyard(project, trained, "replay", "--until", UNTIL)[0] == 0
    return project


def modelyard(project: Path, trained: Path, *words: str, **settings: str) -> tuple[int, str]:
    """Run a command of a project, with the S3 library; return exit code and output."""
    uv = ["uv", "run", "--quiet", "--no-sync", "--project", str(trained), "--with", "s3fs"]
    own = environment() | KEYS | {"PYTHONPATH": str(project / "src"), "AS_OF": UNTIL} | settings
    command = [*uv, "modelyard", *words]
    done = subprocess.run(command, cwd=project, env=own, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_monitor_elsewhere_sees_what_was_recorded(
    address: str, recorded: Path, trained: Path
) -> None:
    sync = ["sync-records", "reports/requests", URL]
    code, first = modelyard(recorded, trained, *sync, AWS_ENDPOINT_URL=address)
    assert code == 0, first
    assert f"-> {URL}" in first
    assert modelyard(recorded, trained, *sync, AWS_ENDPOINT_URL=address) == (
        0,
        f"sync-records: 0 bytes -> {URL}\n",
    )
    own = modelyard(recorded, trained, "monitor")
    wanted = json.loads((recorded / "reports/monitoring/report.json").read_text("utf-8"))
    assert wanted["labels"] > 500
    (recorded / "reports/requests").rename(recorded / "reports/elsewhere")
    try:
        there = modelyard(recorded, trained, "monitor", RECORD_URL=URL, AWS_ENDPOINT_URL=address)
    finally:
        (recorded / "reports/elsewhere").rename(recorded / "reports/requests")
    assert there == own
    assert json.loads((recorded / "reports/monitoring/report.json").read_text("utf-8")) == wanted


def test_an_empty_place_is_an_incident(address: str, recorded: Path, trained: Path) -> None:
    url = "s3://store/nothing"
    code, text = modelyard(recorded, trained, "monitor", RECORD_URL=url, AWS_ENDPOINT_URL=address)
    assert code == 20
    assert f"feed: no record, although RECORD_URL is {url}" in text


@pytest.mark.parametrize("command", ["monitor", "sync-records"])
def test_an_unreachable_store_or_a_wrong_key_is_an_error(
    command: str, recorded: Path, trained: Path
) -> None:
    words = ["sync-records", "reports/requests", URL] if command != "monitor" else ["monitor"]
    nowhere = f"http://127.0.0.1:{free_port()}"
    with store() as place:
        require_keys(place)
        for at in (nowhere, place):
            code, text = modelyard(recorded, trained, *words, RECORD_URL=URL, AWS_ENDPOINT_URL=at)
            assert code == 1, text
            assert text.startswith(f"error: {URL} cannot be used: "), text
            assert len(text.splitlines()) == 1
