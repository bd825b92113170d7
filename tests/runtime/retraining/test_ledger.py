"""Ledger of retraining runs."""

from datetime import date
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.retraining import ledger

LINE = {"as_of": "2024-05-01", "reasons": [{"key": "message:one"}], "model": "m", "serving": "s"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Path of a ledger that does not exist."""
    return tmp_path / "runs" / "runs.jsonl"


def test_a_missing_ledger_has_no_runs(file: Path) -> None:
    assert ledger.read_runs(file) == []
    assert ledger.last_day([]) is None


def test_runs_are_numbered_and_kept_in_order(file: Path) -> None:
    ledger.append(LINE, file)
    later = ledger.append(LINE | {"as_of": "2024-06-01", "reasons": []}, file)
    known = ledger.read_runs(file)
    assert (later["run"], [run["run"] for run in known]) == (2, [1, 2])
    assert (ledger.handled_keys(known), ledger.last_day(known)) == (
        {"message:one"},
        date(2024, 6, 1),
    )


def test_registered_version_is_that_of_an_earlier_run_with_the_same_model() -> None:
    known = [LINE, LINE | {"registered": "model@v0.1.0"}, LINE | {"model": "other"}]
    assert ledger.registered_version(known, "m") == "model@v0.1.0"
    assert ledger.registered_version(known, "other") is None


def test_a_damaged_ledger_is_named_in_the_error(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("{\n", "utf-8")
    with pytest.raises(UserError, match=r"runs\.jsonl is damaged; git checkout restores it"):
        ledger.read_runs(file)
