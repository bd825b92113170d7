"""The ledger of runs."""

from datetime import date
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.retraining import ledger

LINE = {"as_of": "2024-05-01", "reasons": [{"key": "message:one"}], "model": "m", "serving": "s"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where no run was written down yet."""
    return tmp_path / "runs" / "runs.jsonl"


def test_a_fresh_project_has_no_run(file: Path) -> None:
    assert ledger.read_runs(file) == []
    assert ledger.last_day([]) is None


def test_runs_are_numbered_and_kept_in_order(file: Path) -> None:
    ledger.add(LINE, file)
    later = ledger.add(LINE | {"as_of": "2024-06-01", "reasons": []}, file)
    known = ledger.read_runs(file)
    assert (later["run"], [run["run"] for run in known]) == (2, [1, 2])
    assert (ledger.answered(known), ledger.last_day(known)) == ({"message:one"}, date(2024, 6, 1))


def test_the_version_of_a_model_is_that_of_a_run_which_registered_it() -> None:
    known = [LINE, LINE | {"registered": "model@v0.1.0"}, LINE | {"model": "other"}]
    assert ledger.registered(known, "m") == "model@v0.1.0"
    assert ledger.registered(known, "other") is None


def test_a_damaged_ledger_is_named(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("{\n", "utf-8")
    with pytest.raises(UserError, match=r"runs\.jsonl is damaged; git checkout brings it back"):
        ledger.read_runs(file)
