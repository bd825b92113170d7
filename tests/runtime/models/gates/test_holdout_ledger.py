"""Each use of the test set is recorded, up to a limit."""

import json
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.models.gates.holdout_ledger import record_use


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "test_rows.jsonl"


def test_an_entry_records_user_candidate_time_and_test_set(ledger: Path) -> None:
    assert record_use("rows" * 16, "model" * 16, 5, ledger) == 1
    line = json.loads(ledger.read_text("utf-8"))
    assert line.keys() == {"when", "who", "commit", "rows", "candidate"}
    assert (line["rows"], line["candidate"]) == ("rowsrowsrows", "modelmodelmo")
    assert line["when"].endswith("+00:00")


def test_the_same_candidate_on_the_same_rows_counts_once(ledger: Path) -> None:
    record_use("a", "1", 5, ledger)
    written = ledger.read_bytes()
    assert record_use("a", "1", 5, ledger) == 1
    assert ledger.read_bytes() == written


def test_one_candidate_too_many_is_refused_and_not_recorded(ledger: Path) -> None:
    assert [record_use("a", name, 2, ledger) for name in ("1", "2")] == [1, 2]
    written = ledger.read_bytes()
    with pytest.raises(UserError, match=r"2 candidates were evaluated on this test set, allowed"):
        record_use("a", "3", 2, ledger)
    assert ledger.read_bytes() == written


def test_an_evaluated_candidate_may_be_evaluated_again(ledger: Path) -> None:
    for name in ("1", "2", "1"):
        record_use("a", name, 2, ledger)
    assert len(ledger.read_text("utf-8").splitlines()) == 2


def test_another_test_set_starts_a_new_count(ledger: Path) -> None:
    record_use("a", "1", 1, ledger)
    assert record_use("b", "2", 1, ledger) == 1


def test_a_damaged_ledger_is_named(ledger: Path) -> None:
    ledger.parent.mkdir()
    ledger.write_text("{", "utf-8")
    with pytest.raises(UserError, match=r"test_rows\.jsonl is damaged; git checkout"):
        record_use("a", "1", 1, ledger)
