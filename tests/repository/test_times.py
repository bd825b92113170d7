"""The table of durations counts each test once and each second of it."""

from types import SimpleNamespace

from tests.times import by_folder


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
