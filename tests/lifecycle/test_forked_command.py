"""A forked command does the same as an ordinary process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.fleets import file_at


def ordinary(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `modelyard` in a process of its own."""
    environment = {"NO_COLOR": "1", "COLUMNS": "100"} | dict(os.environ)
    environment["PYTHONPATH"] = str(ROOT / "src")
    command = [sys.executable, "-m", "modelyard_lifecycle", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")


def found(done: subprocess.CompletedProcess[str]) -> tuple[int, Any, str]:
    return done.returncode, json.loads(done.stdout or "null"), done.stderr


def test_a_fleet_report_is_the_same(modelyard: Modelyard, fleets: Path) -> None:
    words = ("fleet", "report", fleets / "projects", "--json")
    assert found(ordinary(*words)) == found(modelyard(*words))
    assert len(found(modelyard(*words))[1]) == 4


def test_an_ordinary_fleet_update_prepares_branches(team: Path) -> None:
    done = ordinary("fleet", "update", team / "projects")
    assert done.stdout.count("prepared") == 3, done.stdout + done.stderr
    text = file_at(team / "projects" / "prices", "modelyard-v2.0.0", "text.txt")
    assert "line six" in text


@pytest.mark.parametrize("words", [("check", "nowhere"), ("nonsense",), ("--version",)])
def test_codes_and_streams_are_the_same(modelyard: Modelyard, words: tuple[str, ...]) -> None:
    one, other = ordinary(*words), modelyard(*words)
    assert (one.returncode, one.stdout, one.stderr) == (
        other.returncode,
        other.stdout,
        other.stderr,
    )


def test_no_clone_is_left(
    modelyard: Modelyard, team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    assert modelyard("fleet", "report", team / "projects").returncode == 0
    assert modelyard("update", team / "projects" / "prices").returncode == 0
    assert list(scratch.iterdir()) == []
    assert "line six" in git(team / "projects" / "prices", "show", "HEAD:text.txt")
