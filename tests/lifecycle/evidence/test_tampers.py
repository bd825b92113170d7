"""No tamper earns points: each lowers the score of the test concerned, or of all."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from modelyard_lifecycle.errors import UserError
from modelyard_lifecycle.evidence.rubric import read_rubric
from tests.checkout import ROOT
from tests.lifecycle.evidence.evidence_life import GATE, MONITOR, Life, make_project, points, why

RUBRIC = (ROOT / "src/modelyard_lifecycle/evidence/rubric.toml").read_text("utf-8")
TEST = "tests/test_features.py::test_build_is_stateless"
BODY = "    features.check_pure(project, ROWS)\n"
BUILD = "src/flight_delays/features/build.py"
CHECK = ".github/workflows/check.yml"
MONITORED = ".github/workflows/monitor.yml"
CI = "check/code/push"
CASES: dict[str, tuple[str, str, Callable[[Life], object]]] = {
    # T01 to T03, T06, T07: the newest run of a test did not pass, or it never ran
    "T01 skipped": ("Data 7", "SKIPPED", lambda life: life.tested({TEST: "skipped"})),
    "T02 expected to fail": ("Data 7", "XFAILED", lambda life: life.tested({TEST: "xfailed"})),
    "T02 unexpectedly passed": ("Data 7", "XPASSED", lambda life: life.tested({TEST: "xpassed"})),
    "T03 deselected": ("Data 7", "build.py changed since it ran", lambda life: (
        life.edit(BUILD, "def ", "def  "), life.tested({TEST: "not run"}))),
    "T05 always passing": ("Data 7", "edited, and not seen to fail", lambda life: (
        life.edit("tests/test_features.py", BODY, "    assert True\n"), life.tested(ci=CI))),
    "T06 error in teardown": ("Data 7", "ERROR", lambda life: life.tested({TEST: "error"})),
    "T07 one case fails": ("Data 7", "FAILED", lambda life: life.tested({TEST: "failed"})),
    "T09 reads a committed report": ("Data 7", "edited, and not seen to fail", lambda life: (
        life.edit("tests/test_features.py", BODY, "    assert open('reports/gate.md').read()\n"),
        life.tested(ci=CI))),
    "T09 fixtures replaced": ("Data 7", "conftest.py was edited", lambda life: (
        life.edit("tests/conftest.py", "return find()", "return None"), life.tested(ci=CI))),
    "T09 checks replaced": ("Data 7", "testing/features.py was edited", lambda life: life.edit(
        "src/modelyard/testing/features.py", "    assert ", "    assert True or ")),
    "T10 a looser limit": ("Model 5", "the limit of over_baseline: roc_auc changed", lambda life:
        life.ran("gate", GATE | {"over_baseline: roc_auc": ("ok", -0.5)}, CI)),
    "T11 a failure is ignored": ("Data 7", "ignores a failure", lambda life: life.edit(
        CHECK, "- run: scripts/check-code.sh", "- continue-on-error: true\n        run: true")),
    "T11 a failure is hidden": ("Data 7", "hides a failure: || true", lambda life: life.edit(
        CHECK, "scripts/check-code.sh", "scripts/check-code.sh || true")),
    "T11 a script hides it": ("Data 7", "hides a failure: set +e", lambda life: life.edit(
        "scripts/check-code.sh", "set -euo pipefail", "set +e")),
    "T11 switched off": ("Data 7", "is switched off", lambda life: life.edit(
        CHECK, "    timeout-minutes: 20", "    if: false\n    timeout-minutes: 20")),
    "T11 never triggered": ("Data 7", "no longer started by push", lambda life: life.edit(
        CHECK, "  push:\n    branches: [main]\n", "")),
    "T12 no schedule": ("Monitor 4", "no longer started by schedule", lambda life: life.edit(
        MONITORED, '  schedule:\n    - cron: "47 3 * * *"\n', "")),
    "T12 disabled by the host": ("Monitor 4", "is it disabled?", lambda life: life.later(days=10)),
    "T12 on another branch only": ("Monitor 4", "no workflow monitor", lambda life: life.edit(
        MONITORED, "name: monitor", "name: another")),
    "T14 code changed since": ("Data 7", "build.py changed since it ran", lambda life: life.edit(
        BUILD, "def ", "def  ")),
    "T14 old evidence": ("Data 7", "days old, allowed are 35", lambda life: life.later(days=40)),
    "T14 the test changed": ("Data 7", "the test changed since it ran", lambda life: life.edit(
        "tests/test_features.py", BODY, BODY + "    assert True\n")),
    "T14 another model": ("Infra 4", "the model changed since it ran", lambda life: life.edit(
        "models/model.json", "abc123", "def456")),
    "a failing gate": ("Infra 4", "FAILED", lambda life: life.ran("gate", {}, CI, failed=True)),
    "a failing monitor": ("Monitor 7", "BAD: quality", lambda life: life.ran(
        "monitor", MONITOR | {"quality": "bad"}, failed=True)),
    "an unknown quality": ("Monitor 7", "UNKNOWN: quality", lambda life: life.ran(
        "monitor", MONITOR | {"quality": "unknown"})),
    "a drill that was not held": ("Infra 7", "has not run", lambda life: (
        life.forget("drill"), life.ran("drill", {}, "drill/drill/schedule"))),
}  # fmt: skip


def test_the_fortnight_has_what_the_tampers_take_away(fortnight: Life) -> None:
    score = fortnight.score()
    assert score.faults == []
    concerned = {test for test, _, _ in CASES.values()}
    assert {test: points(score, test) for test in concerned} == dict.fromkeys(concerned, 1.0)


@pytest.mark.parametrize("name", CASES)
def test_a_tamper_lowers_the_score_and_is_named(name: str, life: Life, fortnight: Life) -> None:
    test, message, tamper = CASES[name]
    before = fortnight.score()
    tamper(life)
    after = life.score()
    assert points(after, test) < points(before, test)
    assert sum(after.sections.values()) < sum(before.sections.values())
    assert re.search(re.escape(message), why(after, test)), why(after, test)


def test_t08_an_item_cannot_count_twice() -> None:
    text = RUBRIC.replace('evidence = ["gate"]', f'evidence = ["{TEST}"]')
    with pytest.raises(UserError, match=f"the rubric counts {re.escape(TEST)} twice"):
        read_rubric(text)


def test_t20_a_test_cannot_be_left_out() -> None:
    text = re.sub(r'\[\[test\]\]\nid = "Data 6".*?\n\n', "", RUBRIC, flags=re.DOTALL)
    with pytest.raises(UserError, match="the rubric has 27 tests, allowed are exactly the 28"):
        read_rubric(text)


def test_t16_ci_on_changed_files_earns_half(tmp_path: Path) -> None:
    life = Life(make_project(tmp_path / "project", 3))
    for _ in range(2):
        life.later(days=1)
        life.tested(ci=CI, clean=False)
    assert points(life.score(), "Data 7") == 0.5
    assert why(life.score(), "Data 7") == "run by CI on files that differ from the commit"


def test_t18_a_hundred_runs_in_an_hour_are_one(tmp_path: Path) -> None:
    life = Life(make_project(tmp_path / "project", 3))
    for _ in range(100):
        life.later(minutes=0.6)
        life.ran("monitor", MONITOR, "monitor/monitor/schedule")
    assert points(life.score(), "Monitor 4") == 0.5
    assert why(life.score(), "Monitor 4") == "run by CI on one day only"
