"""Tests that each script prints its help and does nothing else."""

import subprocess
from pathlib import Path

import pytest

from tests.checkout import TEMPLATE

SCRIPTS = sorted((TEMPLATE / "scripts").iterdir())
MOST_LINES = 25


def errors(script: Path, option: str) -> list[str]:
    """Return the errors in a script's help."""
    command = ["bash", str(script), option]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=script.parent)
    comments = [line[2:] for line in script.read_text("utf-8").splitlines() if line[:2] == "# "]
    lines = done.stdout.splitlines()
    wrong = [] if done.returncode == 0 and not done.stderr else ["it fails"]
    wrong += [] if lines and lines == comments[: len(lines)] else ["it is not the comment"]
    wrong += [] if lines and lines[-1].startswith("Example: ") else ["there is no example"]
    return wrong + ([] if lines and script.name in lines[0] else ["its name is missing"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.name)
def test_a_script_is_short(script: Path) -> None:
    assert len(script.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.name)
def test_a_script_prints_its_help(script: Path, option: str) -> None:
    assert errors(script, option) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("# x.sh: acts\n# Example: x.sh\nset -e\nexit 1", "it fails"),
        ("# x.sh: acts\n# Example: x.sh\nset -e\necho done", "it is not the comment"),
        ("# x.sh: acts\nset -e\necho 'x.sh: acts'", "there is no example"),
        ("# acts\n# Example: x.sh\nset -e\necho acts; echo 'Example: x.sh'", "its name is missing"),
    ],
)
def test_an_error_in_a_scripts_help_is_detected(text: str, wrong: str, tmp_path: Path) -> None:
    script = tmp_path / "x.sh"
    script.write_text(f"#!/usr/bin/env bash\n{text}\n", "utf-8")
    assert [fault for fault in errors(script, "-h") if wrong in fault] != []
