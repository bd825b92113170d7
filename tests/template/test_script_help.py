"""A script that is asked for help gives it, and does nothing else."""

import subprocess
from pathlib import Path

import pytest

from tests.checkout import TEMPLATE

SCRIPTS = sorted((TEMPLATE / "scripts").iterdir())


def faults(script: Path, option: str) -> list[str]:
    """Say what is wrong with a script's help."""
    words = ["bash", str(script), option]
    asked = subprocess.run(words, capture_output=True, encoding="utf-8", cwd=script.parent)
    comments = [line[2:] for line in script.read_text("utf-8").splitlines() if line[:2] == "# "]
    told = asked.stdout.splitlines()
    wrong = [] if asked.returncode == 0 and not asked.stderr else ["it fails"]
    wrong += [] if told and told == comments[: len(told)] else ["it says something else"]
    wrong += [] if told and told[-1].startswith("Example: ") else ["there is no example"]
    return wrong + ([] if told and script.name in told[0] else ["its name is not there"])


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.name)
def test_a_script_gives_its_help(script: Path, option: str) -> None:
    assert faults(script, option) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("# x.sh: acts\n# Example: x.sh\nset -e\nexit 1", "it fails"),
        ("# x.sh: acts\n# Example: x.sh\nset -e\necho done", "it says something else"),
        ("# x.sh: acts\nset -e\necho 'x.sh: acts'", "there is no example"),
        ("# acts\n# Example: x.sh\nset -e\necho acts; echo 'Example: x.sh'", "its name is not"),
    ],
)
def test_a_script_without_a_good_help_is_seen(text: str, wrong: str, tmp_path: Path) -> None:
    script = tmp_path / "x.sh"
    script.write_text(f"#!/usr/bin/env bash\n{text}\n", "utf-8")
    assert [fault for fault in faults(script, "-h") if wrong in fault] != []
