"""Whoever opens the test rows is written down, and some time it is enough."""

import json
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.models.gates.holdout_ledger import open_rows


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "test_rows.jsonl"


def test_a_line_says_who_judged_what_when_and_on_which_rows(ledger: Path) -> None:
    assert open_rows("rows" * 16, "model" * 16, 5, ledger) == 1
    line = json.loads(ledger.read_text("utf-8"))
    assert line.keys() == {"when", "who", "commit", "rows", "candidate"}
    assert (line["rows"], line["candidate"]) == ("rowsrowsrows", "modelmodelmo")
    assert line["when"].endswith("+00:00")


def test_the_same_candidate_on_the_same_rows_counts_once(ledger: Path) -> None:
    open_rows("a", "1", 5, ledger)
    written = ledger.read_bytes()
    assert open_rows("a", "1", 5, ledger) == 1
    assert ledger.read_bytes() == written


def test_one_candidate_too_many_is_refused_and_not_written_down(ledger: Path) -> None:
    assert [open_rows("a", name, 2, ledger) for name in ("1", "2")] == [1, 2]
    written = ledger.read_bytes()
    with pytest.raises(UserError, match=r"2 candidates were judged on these test rows, allowed"):
        open_rows("a", "3", 2, ledger)
    assert ledger.read_bytes() == written


def test_a_candidate_that_was_judged_may_be_judged_again(ledger: Path) -> None:
    for name in ("1", "2", "1"):
        open_rows("a", name, 2, ledger)
    assert len(ledger.read_text("utf-8").splitlines()) == 2


def test_other_rows_begin_anew(ledger: Path) -> None:
    open_rows("a", "1", 1, ledger)
    assert open_rows("b", "2", 1, ledger) == 1


def test_a_damaged_ledger_is_named(ledger: Path) -> None:
    ledger.parent.mkdir()
    ledger.write_text("{", "utf-8")
    with pytest.raises(UserError, match=r"test_rows\.jsonl is damaged; git checkout"):
        open_rows("a", "1", 1, ledger)
