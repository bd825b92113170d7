"""Checks of a rollback drill."""

import pytest
from modelyard.canary.drill import LIMIT_S, Rollback, check_rollback, report

BEFORE = b'{"score": 0.25}\n{"score": 0.5}\n'
GOOD = Rollback(0, "prod is v0.1.0 now", 1.5, "aaa", BEFORE)
FAILURES = {
    "scripts/rollback.sh": GOOD._replace(code=20, output="refused: it is corrupt"),
    "serving model": GOOD._replace(model="bbb"),
    "changed predictions": GOOD._replace(predictions=BEFORE.replace(b"0.5", b"0.6")),
    "time": GOOD._replace(seconds=LIMIT_S),
}


def failed(expected: bytes, done: Rollback) -> list[str]:
    return [check.name for check in check_rollback("aaa", expected, done) if not check.passed]


def test_the_same_predictions_in_time_pass() -> None:
    assert failed(BEFORE, GOOD) == []
    assert report("", check_rollback("aaa", BEFORE, GOOD)).startswith("## Rollback drill: it works")


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_fails_only_its_check(name: str) -> None:
    assert failed(BEFORE, FAILURES[name]) == [name]
    assert "does NOT work" in report("", check_rollback("aaa", BEFORE, FAILURES[name]))


def test_a_drill_without_rows_fails() -> None:
    assert failed(b"", GOOD._replace(predictions=b"")) == ["rows predicted"]


def test_a_missing_row_counts_as_a_changed_prediction() -> None:
    found = check_rollback(
        "aaa", BEFORE, GOOD._replace(predictions=BEFORE.splitlines(keepends=True)[0])
    )
    assert [check.found for check in found if not check.passed] == ["1"]
