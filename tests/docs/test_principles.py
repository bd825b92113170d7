"""Each requirement of the MLOps principles names existing files and tests, or says what is open."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.conftest import EVERY_TARGET, Render
from tools.principles import PAGE, PICTURE, SOURCE, Parts, Row, page, read, shares
from tools.principles_picture import draw

# The first and the last row of each part of the source.
PARTS = {
    **{"A": (1, 16), "B": (1, 31), "C": (1, 7), "D": (1, 15), "E": (1, 5), "F": (0, 11)},
    **{"G": (1, 14), "H": (1, 20), "I": (1, 25), "J": (1, 5), "K": (1, 20), "L": (1, 4)},
    **{"M": (1, 16), "N": (0, 49), "O": (1, 18)},
}
ROWS = {f"{k}{n:02}" for k, (first, last) in PARTS.items() for n in range(first, last + 1)}
Projects = dict[int, list[Path]]
Rows = dict[str, Row]


def errors(rows: Rows, projects: Projects) -> list[str]:
    """Return the errors of all rows: missing ones, files, tests, rows that prove nothing.

    Args:
        rows: by id.
        projects: by level, with every target, one for each CI host.
    """
    wrong = sorted(ROWS ^ {*rows})
    for name, row in rows.items():
        named = row.files + row.tests
        wrong += [f"{name}: {path}" for path in named if not exists(path, projects[row.level])]
        wrong += [f"{name}: {one} is no test" for one in row.tests if "::" not in one]
        if not (row.open or proved(name, rows, set())):
            wrong.append(f"{name}: neither proved nor open")
        if row.is_fulfilled and not proved(name, rows, set()):
            wrong.append(f"{name}: the rows that it names prove nothing")
    return wrong


def proved(name: str, rows: Rows, above: set[str]) -> bool:
    """Return whether a row has tests, or names a row that has, of its level or below."""
    row = rows.get(name)
    if row is None or name in above:
        return False
    lower = (one for one in row.see if one in rows and rows[one].level <= row.level)
    return bool(row.tests) or any(proved(one, rows, above | {name}) for one in lower)


def exists(name: str, projects: list[Path]) -> bool:
    """Return whether a file exists and contains the named test."""
    path, _, test = name.removeprefix("repo:").partition("::")
    roots = [ROOT] if name.startswith("repo:") else projects
    folders = {"P": "src/flight_delays", "R": "src/modelyard"}
    path = re.sub(r"^([PR])/", lambda found: f"{folders[found[1]]}/", path)
    files = [root / path for root in roots]
    texts = [file.read_text("utf-8") for file in files if file.is_file()]
    return any(not test or f"def {test}(" in text for text in texts)


def flat(parts: Parts) -> Rows:
    """Return the rows of all parts."""
    return {name: row for rows in parts.values() for name, row in rows.items()}


@pytest.fixture(scope="module")
def everything(render: Render) -> Projects:
    """Projects of each level with every target, for both CI hosts."""
    return {
        level: [
            render(EVERY_TARGET | {"automation_level": level, "ci_host": host})
            for host in ("github", "gitlab")
        ]
        for level in (1, 2, 3)
    }


@pytest.fixture(scope="module")
def parts() -> Parts:
    """The requirements of the source."""
    return read(SOURCE.read_text("utf-8"))


def test_each_principle_has_its_files_and_a_test(parts: Parts, everything: Projects) -> None:
    assert errors(flat(parts), everything) == []


def test_page_and_picture_are_up_to_date(parts: Parts) -> None:
    assert PAGE.read_text("utf-8") == page(parts)
    assert PICTURE.read_text("utf-8") == draw(shares(parts))


CHANGES: dict[str, tuple[str, Callable[[Row], Row]]] = {
    "a file that does not exist": ("F01", lambda row: replace(row, files=("dvc.yml",))),
    "a test that does not exist": ("F01", lambda row: replace(row, tests=("tests/a.py::test_b",))),
    "a file as a test": ("F01", lambda row: replace(row, tests=("dvc.yaml",))),
    "too low a level": ("H14", lambda row: replace(row, level=1)),
    "nothing": ("H14", lambda row: replace(row, tests=(), see=())),
    "itself": ("N03", lambda row: replace(row, see=("N03",))),
    "a row that is open": ("N03", lambda row: replace(row, see=("A07",))),
    "a row of a higher level": ("N03", lambda row: replace(row, see=("H14",))),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_invalid_row_is_detected(change: str, parts: Parts, everything: Projects) -> None:
    name, edit = CHANGES[change]
    rows = flat(parts)
    assert any(name in error for error in errors(rows | {name: edit(rows[name])}, everything))


def test_a_missing_and_an_unknown_row_are_detected(parts: Parts, everything: Projects) -> None:
    rows = flat(parts)
    without = {name: row for name, row in rows.items() if name != "B05"}
    assert errors(without, everything) == ["B05"]
    assert errors(rows | {"Z01": rows["B05"]}, everything) == ["Z01"]
