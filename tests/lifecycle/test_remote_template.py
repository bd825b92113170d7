"""A fleet with a template behind an address: it is fetched once for all projects."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import generate
from tools.service import free_port

SERVED = "Request upload-pack for"
PROJECTS = 6


@dataclass(frozen=True)
class Server:
    """A server of the template: its address, and the file that lists the requests."""

    address: str
    log: Path

    def fetches(self) -> int:
        """Return how often somebody listed or fetched the template."""
        return self.log.read_text("utf-8").count(SERVED)


@pytest.fixture
def server(family: Path, tmp_path: Path) -> Iterator[Server]:
    """Serve the small template by git's protocol."""
    git(tmp_path, "clone", "--quiet", "--bare", str(family), "served/family.git")
    port, log = free_port(), tmp_path / "log"
    options = ["--verbose", "--export-all", "--listen=127.0.0.1", f"--port={port}"]
    command = ["git", "daemon", *options, f"--base-path={tmp_path / 'served'}"]
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stderr=errors, start_new_session=True)
    try:
        while "Ready to rumble" not in log.read_text("utf-8"):
            assert process.poll() is None, log.read_text("utf-8")
            time.sleep(0.05)
        yield Server(f"git://127.0.0.1:{port}/family.git", log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


@pytest.fixture
def projects(family: Path, server: Server, tmp_path: Path) -> Path:
    """Projects of the first release, each with an answer of its own."""
    for number in range(PROJECTS):
        project = generate(family, tmp_path / "projects" / f"p{number}")
        answers = project / ".copier-answers.yml"
        text = answers.read_text("utf-8").replace(str(family), server.address)
        answers.write_text(text.replace("size: 3", f"size: {number}"), "utf-8")
        commit(project, "Served")
    return tmp_path / "projects"


@pytest.mark.parametrize("command", ["report", "update"])
def test_each_project_is_handled_and_the_template_fetched_once(
    command: str, modelyard: Modelyard, server: Server, projects: Path
) -> None:
    before = server.fetches()
    done = modelyard("fleet", command, projects, "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    wanted = {"report": "behind", "update": "prepared"}[command]
    assert [(row["state"], row["fault"]) for row in rows] == [(wanted, "")] * PROJECTS
    assert server.fetches() - before == 2  # its releases are listed, then it is fetched


def test_an_unreachable_template_is_reported_for_each_project(
    modelyard: Modelyard, server: Server, projects: Path
) -> None:
    for project in projects.iterdir():
        answers = project / ".copier-answers.yml"
        text = answers.read_text("utf-8").replace("family.git", "gone.git")
        answers.write_text(text, "utf-8")
    rows = json.loads(modelyard("fleet", "report", projects, "--json").stdout)
    assert all("gone.git cannot be reached" in row["fault"] for row in rows)
