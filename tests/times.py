"""A table of the tests' durations by folder, printed at the end of a whole run; long files."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

WHOLE_RUN = 1000  # tests; a table of fewer is not worth its lines
LONGEST = "docs/test_two_weeks.py"  # one test of more than five minutes
LONG = (  # files in tests/ of more than ten seconds without their slow tests, the longest first
    "template/test_raise_level.py",
    "runtime/serving/rest/test_workers.py",
    "template/cookiecutter/test_same_project.py",
    "projects/test_levels.py",
    "lifecycle/test_interrupted.py",
    "template/test_render.py",
    "lifecycle/test_bad_input.py",
    "lifecycle/test_user_settings.py",
    "runtime/registry/test_actions.py",
    "runtime/registry/test_mlflow.py",
    "lifecycle/test_fleet_update.py",
    "docs/test_site.py",
    "template/test_imports.py",
    "runtime/serving/batch/test_ray.py",
    "runtime/testing/test_pipeline.py",
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    reports = [one for some in terminalreporter.stats.values() for one in some]
    timed = [one for one in reports if isinstance(one, pytest.TestReport)]
    if len({one.nodeid for one in timed}) >= WHOLE_RUN:
        terminalreporter.write_sep("=", "seconds of all workers by folder")
        for line in by_folder(timed):
            terminalreporter.write_line(line)


def by_folder(reports: Iterable[Any]) -> list[str]:
    """Return a line for each folder of `tests/`: seconds, number of tests, name; longest first."""
    seconds: dict[str, float] = defaultdict(float)
    tests: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        folder = "/".join(report.nodeid.split("/")[:2])
        seconds[folder] += report.duration
        tests[folder].add(report.nodeid)
    order = sorted(seconds, key=lambda folder: -seconds[folder])
    return [f"{seconds[one]:8.1f} s {len(tests[one]):5} tests  {one}" for one in order]
