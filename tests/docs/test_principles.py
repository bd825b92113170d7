"""The table of principles names existing files and tests."""

import re
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.conftest import EVERY_TARGET, Render

PAGE = ROOT / "docs" / "explanation" / "principles.md"
ROWS = {f"B{number:02}" for number in range(1, 32)}
LINE = re.compile(r"^\| (B\d\d) \| [^|]+ \| ([123]) \| ([^|]+) \| ([^|]+) \|$", re.M)
QUOTED = re.compile(r"`([^`]+)`")
Projects = dict[str, list[Path]]


def errors(text: str, projects: Projects) -> list[str]:
    """Return the errors of a page: missing rows, files and tests.

    Args:
        text: the page.
        projects: by level, with every target, one for each CI host.
    """
    lines = LINE.findall(text)
    rows = [row for row, *_ in lines]
    wrong = sorted(ROWS ^ {*rows}) + [row for row in {*rows} if rows.count(row) > 1]
    named = [(one, level, files + tests) for one, level, files, tests in lines]
    wrong += [f"{one}: {name}" for one, at, cell in named for name in unknown(cell, projects[at])]
    return wrong + [row for row, *_, tests in lines if not all_tests(tests)]


def all_tests(cell: str) -> bool:
    """Return whether a cell names tests and nothing else."""
    names = QUOTED.findall(cell)
    return bool(names) and all("::" in name for name in names)


def unknown(cell: str, projects: list[Path]) -> list[str]:
    """Return the files and tests of a cell that neither this repository nor a project has."""
    return [name for name in QUOTED.findall(cell) if not exists(name, projects)]


def exists(name: str, projects: list[Path]) -> bool:
    """Return whether a file exists and contains the named test."""
    path, _, test = name.removeprefix("repo:").partition("::")
    roots = [ROOT] if name.startswith("repo:") else projects
    folders = {"P": "src/flight_delays", "R": "src/modelyard"}
    path = re.sub(r"^([PR])/", lambda found: f"{folders[found[1]]}/", path)
    files = [root / path for root in roots]
    texts = [file.read_text("utf-8") for file in files if file.is_file()]
    return any(not test or f"def {test}(" in text for text in texts)


@pytest.fixture(scope="module")
def everything(render: Render) -> Projects:
    """Projects of each level with every target, for both CI hosts."""
    return {
        str(level): [
            render(EVERY_TARGET | {"automation_level": level, "ci_host": host})
            for host in ("github", "gitlab")
        ]
        for level in (1, 2, 3)
    }


def test_each_principle_has_its_files_and_a_test(everything: Projects) -> None:
    assert errors(PAGE.read_text("utf-8"), everything) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("`dvc.yaml`", "`dvc.yml`"),
        ("::test_importing_does_nothing", "::test_importing_does_anything"),
        ("| B05 |", "| B06 |"),
        ("the maturity level | 1 |", "the maturity level | 0 |"),
        ("without manual steps | 2 |", "without manual steps | 1 |"),
        ("::test_importing_does_nothing`", "`"),
    ],
)
def test_an_invalid_row_is_detected(old: str, new: str, everything: Projects) -> None:
    text = PAGE.read_text("utf-8")
    assert old in text
    assert errors(text.replace(old, new, 1), everything) != []
