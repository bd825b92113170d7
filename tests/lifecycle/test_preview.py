"""`check --diff` prints what an update changes, and changes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT, commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.repository_state import state
from tests.lifecycle.small_template import generate


def test_the_diff_is_that_of_the_update(modelyard: Modelyard, child: Path) -> None:
    (child / "dropped.txt").write_text("mine\n", "utf-8")
    (child / "moved.txt").write_text((child / "moved.txt").read_text("utf-8") + "mine\n", "utf-8")
    commit(child, "Edits")
    before = state(child)
    done = modelyard("check", child, "--diff")
    assert (done.returncode, done.stderr) == (30, "")
    assert state(child) == before
    assert modelyard("update", child).returncode == 0
    made = git(child, "diff", "--no-color", "HEAD~1", "HEAD")
    assert done.stdout == made
    assert "+line six" in made


def test_uncommitted_edits_and_conflicts_are_in_the_diff(modelyard: Modelyard, child: Path) -> None:
    text = (child / "text.txt").read_text("utf-8").replace("line 6\n", "line VI\n")
    (child / "text.txt").write_text(text.replace("line 12\n", "line XII\n"), "utf-8")
    (child / "notes.txt").write_text("new\n", "utf-8")
    before = state(child)
    done = modelyard("check", child, "--diff")
    assert done.returncode == 20, done.stderr
    assert "+<<<<<<< before updating" in done.stdout
    assert " line VI\n" in done.stdout
    assert "+line XII" not in done.stdout
    assert "notes.txt" not in done.stdout
    assert state(child) == before


def test_an_up_to_date_project_has_no_diff(modelyard: Modelyard, child: Path) -> None:
    assert modelyard("update", child).returncode == 0
    done = modelyard("check", child, "--diff")
    assert (done.returncode, done.stdout) == (0, "")


def test_json_and_diff_exclude_each_other(modelyard: Modelyard, child: Path) -> None:
    done = modelyard("check", child, "--diff", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "mutually exclusive" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a terminal of Unix")
@pytest.mark.parametrize("no_colour", ["", "1"])
def test_a_terminal_gets_colours_and_no_pager(child: Path, no_colour: str) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": no_colour, "TERM": "xterm",
        "GIT_PAGER": "false", "PAGER": "false", "MODELYARD_PROGRESS_S": "600",
    }  # fmt: skip
    command = [sys.executable, "-m", "modelyard_lifecycle", "check", str(child), "--diff"]
    process = subprocess.Popen(command, env=environment, stdout=theirs, stdin=theirs)
    os.close(theirs)
    output = b""
    while chunk := read(ours):
        output += chunk
    assert process.wait() == 10
    assert b"line six" in output
    assert (b"\x1b[32m" in output) == (no_colour == "")


def read(terminal: int) -> bytes:
    """Return the next bytes of a terminal; nothing at its end."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_edits_of_the_runtime_are_merged_and_a_note_says_that_an_update_stops(
    modelyard: Modelyard, child: Path, family: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", str(family), "template")
    template = tmp_path / "template"
    file = template / "template" / "src" / "modelyard" / "a.py"
    file.parent.mkdir(parents=True)
    file.write_text("one = 1\n", "utf-8")
    commit(template, "Runtime", tag="v3.0.0")
    file.write_text("one = 1\n\n\n\nlast = 2\n", "utf-8")
    commit(template, "Runtime", tag="v4.0.0")
    project = generate(template, tmp_path / "own", "v3.0.0")
    (project / "src/modelyard/a.py").write_text("one = 11\n", "utf-8")
    done = modelyard("check", project, "--diff")
    assert done.returncode == 20, done.stderr
    assert "note: src/modelyard/a.py of the runtime was edited, so an update stops" in done.stderr
    assert done.stdout.startswith("diff --git a/.copier-answers.yml")
