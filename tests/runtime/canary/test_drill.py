"""What a rollback drill calls good, and what it does not."""

import pytest
from modelyard.canary.drill import LIMIT_S, Rollback, judged, report

BEFORE = b'{"score": 0.25}\n{"score": 0.5}\n'
GOOD = Rollback(0, "prod is v0.1.0 now", 1.5, "aaa", BEFORE)
FAULTS = {
    "it ends well": GOOD._replace(code=20, said="refused: it is corrupt"),
    "model that serves then": GOOD._replace(model="bbb"),
    "predictions unlike before": GOOD._replace(predictions=BEFORE.replace(b"0.5", b"0.6")),
    "time": GOOD._replace(seconds=LIMIT_S),
}


def failed(expected: bytes, done: Rollback) -> list[str]:
    return [check.name for check in judged("aaa", expected, done) if not check.passed]


def test_the_same_model_with_the_same_bytes_in_time_is_good() -> None:
    assert failed(BEFORE, GOOD) == []
    assert report("", judged("aaa", BEFORE, GOOD)).startswith("## Rollback drill: it works")


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_seen_alone(name: str) -> None:
    assert failed(BEFORE, FAULTS[name]) == [name]
    assert "does NOT work" in report("", judged("aaa", BEFORE, FAULTS[name]))


def test_no_row_at_all_proves_nothing() -> None:
    assert failed(b"", GOOD._replace(predictions=b"")) == ["rows predicted"]


def test_a_row_that_is_missing_counts() -> None:
    found = judged("aaa", BEFORE, GOOD._replace(predictions=BEFORE.splitlines(keepends=True)[0]))
    assert [check.found for check in found if not check.passed] == ["1"]
