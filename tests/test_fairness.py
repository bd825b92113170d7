"""A project's fairness measures are those of fairlearn, which it does not install."""

import subprocess
from pathlib import Path

import pytest

from tests.repository import ROOT
from tools.steps import environment


@pytest.mark.slow
def test_the_measures_are_those_of_fairlearn(trained: Path) -> None:
    command = ["uv", "run", "--quiet", "--no-sync", "--with", "fairlearn>=0.13,<1", "python"]
    done = subprocess.run(
        [*command, ROOT / "tests" / "fairness_oracle.py", "flight_delays"],
        cwd=trained, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "80\n"), done.stderr
