"""The table of durations counts each test once and each second of it; long files come first."""

from types import SimpleNamespace
from typing import Any

from tests.checkout import ROOT
from tests.conftest import pytest_collection_modifyitems
from tests.times import LONG, by_folder


def test_the_phases_of_a_test_are_added_up_and_the_longest_folder_is_first() -> None:
    durations = {"a/x.py::one": [0.5, 1.0], "b/y.py::two": [3.0], "a/x.py::three": [1.0]}
    reports = [
        SimpleNamespace(nodeid=f"tests/{name}", duration=seconds)
        for name, all_seconds in durations.items()
        for seconds in all_seconds
    ]
    assert by_folder(reports) == [
        "     3.0 s     1 tests  tests/b",
        "     2.5 s     2 tests  tests/a",
    ]


def item(name: str, marker: object = None) -> Any:
    return SimpleNamespace(path=ROOT / "tests" / name, get_closest_marker=lambda _: marker)


def test_files_with_slow_tests_are_first_then_long_files_and_then_the_others() -> None:
    names = ["docs/other.py", "ci/other.py", LONG[1], LONG[0]]
    items = [*map(item, names), item("infra/slow.py", marker="slow")]
    pytest_collection_modifyitems(items)
    found = [str(one.path.relative_to(ROOT / "tests")) for one in items]
    assert found == ["infra/slow.py", LONG[0], LONG[1], "docs/other.py", "ci/other.py"]


def test_each_long_file_is_there() -> None:
    assert [name for name in LONG if not (ROOT / "tests" / name).is_file()] == []
    assert len(set(LONG)) == len(LONG)
