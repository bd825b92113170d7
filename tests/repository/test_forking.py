"""Tests for the fork server: forked processes see the current code and return their exit code."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forking import ForkServer
from tools.steps import environment

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one module, which its test imports."""
    folder = tmp_path_factory.mktemp("forking")
    for name, text in {
        "src/script.py": "import json, sys\nprint(json.dumps('first'))\nsys.exit(3)\n",
        "src/value.py": "VALUE = 1\n",
        "test_value.py": "import value\n\n\ndef test_it():\n    assert value.VALUE == 1\n",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def forking(project: Path) -> Iterator[ForkServer]:
    """A fork server that has imported the project's libraries."""
    own = environment() | {"PYTHONPATH": str(project / "src")}
    server = ForkServer([sys.executable], project, own)
    yield server
    server.stop()


def test_a_module_runs_and_its_exit_code_is_returned(
    forking: ForkServer, project: Path, tmp_path: Path
) -> None:
    assert forking.run(project, tmp_path / "output", "script") == 3
    assert (tmp_path / "output").read_text("utf-8") == '"first"\n'


def test_a_change_since_the_server_started_is_seen(
    forking: ForkServer, project: Path, tmp_path: Path
) -> None:
    words = ("pytest", "-q", "-p", "no:cacheprovider")
    assert forking.run(project, tmp_path / "output", *words) == 0
    (project / "src" / "value.py").write_text("VALUE = 12\n", "utf-8")
    assert forking.run(project, tmp_path / "output", *words) == 1
    assert "assert 12 == 1" in (tmp_path / "output").read_text("utf-8")
