"""The runtime's fairness measures equal those of fairlearn, which no project installs."""

import subprocess

import pytest

from tests.checkout import ROOT
from tools.steps import environment


@pytest.mark.slow
def test_the_measures_equal_those_of_fairlearn() -> None:
    command = ["uv", "run", "--quiet", "--no-sync", "--with", "fairlearn>=0.13,<1", "python"]
    own = environment() | {"PYTHONPATH": str(ROOT / "template" / "src")}
    done = subprocess.run(
        [*command, ROOT / "tests" / "projects" / "fairlearn_oracle.py"],
        cwd=ROOT, env=own, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "80\n"), done.stderr
