"""The doctor names each mistake of a user, and nothing in a healthy project."""

import itertools
from pathlib import Path

import pytest

from tests.doctor.planted_faults import Mistake, read_mistakes
from tests.doctor.problems import examined, make

NUMBERS = itertools.count()


@pytest.mark.parametrize("problem", ["diabetes", "wine", "flights"])
def test_a_healthy_project_has_no_finding(
    problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(problem, tmp_path, f"healthy_{problem}")
    report = examined(tmp_path, f"healthy_{problem}", monkeypatch)
    assert report.findings == []
    assert {*report.results.values()} == {"ok"}


@pytest.mark.parametrize("mistake", read_mistakes(), ids=lambda one: f"{one.check}: {one.found}")
def test_a_mistake_is_the_only_finding(
    mistake: Mistake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = f"mistaken_{next(NUMBERS)}"
    mistake.plant(tmp_path, package)
    report = examined(tmp_path, package, monkeypatch)
    assert len(report.findings) == 1, report.findings
    found = report.findings[0]
    assert (found.check, found.level) == (mistake.check, mistake.level)
    assert mistake.found in found.found
    assert found.file == mistake.file(package)
    assert found.allowed
    assert found.remedy
    lines = (tmp_path / found.file).read_text("utf-8").splitlines()
    assert mistake.at in lines[found.line - 1] if found.line else not mistake.at
