"""The pytest plugin records how each test function ended."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from modelyard.evidence.ledger import CI, FOLDER

from tests.checkout import ROOT

TESTS = '''\
"""Tests with every end."""

import pytest


@pytest.fixture
def torn():
    yield
    raise ValueError


def test_passes():
    assert True


@pytest.mark.parametrize("number", [1, 2])
def test_one_case_fails(number):
    assert number == 1


@pytest.mark.parametrize("number", [])
def test_has_no_cases(number):
    assert False


def test_is_skipped():
    pytest.skip("no data")


@pytest.mark.xfail
def test_fails_as_expected():
    assert False


@pytest.mark.xfail
def test_passes_unexpectedly():
    assert True


def test_fails_in_teardown(torn):
    assert True


def test_is_deselected():
    assert True
'''
ENDS = {
    "test_passes": ["passed"],
    "test_one_case_fails": ["passed", "failed"],
    "test_has_no_cases": ["skipped", "passed"],
    "test_is_skipped": ["passed", "skipped"],
    "test_fails_as_expected": ["passed", "xskipped"],
    "test_passes_unexpectedly": ["passed", "xpassed"],
    "test_fails_in_teardown": ["passed", "failed"],
}


def run(folder: Path, *options: str) -> list[dict[str, Any]]:
    """Run pytest with the plugin; return the entries of the ledger."""
    plain = {name: value for name, value in os.environ.items() if name not in CI}
    environment = plain | {"PYTHONPATH": str(ROOT / "template" / "src")}
    command = [sys.executable, "-m", "pytest", "-p", "modelyard.testing.evidence", "-p",
               "no:hydra_pytest", "-p", "no:anyio", "-p", "no:cacheprovider", *options]  # fmt: skip
    subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    files = (folder / FOLDER).glob("*.jsonl")
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("options", [(), ("-n", "1")])
def test_ends_are_recorded_also_with_xdist(options: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (tmp_path / "test_ends.py").write_text(TESTS, "utf-8")
    (entry,) = run(tmp_path, "-k", "not deselected", *options)
    assert (entry["check"], entry["failed"]) == ("tests", True)
    found = {name.partition("::")[2]: value for name, value in entry["details"].items()}
    assert found == ENDS


def test_collecting_tests_records_nothing(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (tmp_path / "test_ends.py").write_text(TESTS, "utf-8")
    assert run(tmp_path, "--collect-only") == []
