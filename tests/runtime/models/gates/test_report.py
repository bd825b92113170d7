"""The report of a candidate, accepted or refused."""

import re
from pathlib import Path
from typing import Any

from modelyard.models.gates.check import Check
from modelyard.models.gates.report import write_report

ABOUT: dict[str, Any] = {"version": "abc", "training_rows": 1234, "trained_as_of": "2024-01-01"}
GOOD = Check.of("floors: auc", 0.75, 0.7, True)
LOSS = Check.of("serving: auc", -0.25, -0.125, False)
TIME = Check.of("budget: time", 0.5, 2.0, True, steady=False)
FEW = Check("region: fairness", "insufficient data", note="fewer than 9 rows for south")
SMALL = Check("region: floors", "insufficient data", note="few rows", demanded=False)


def report(folder: Path, *checks: Check) -> str:
    write_report(ABOUT, [*checks], folder)
    return re.sub(" +", " ", (folder / "gate.md").read_text("utf-8"))


def test_the_report_says_which_checks_refuse(tmp_path: Path) -> None:
    said = "Refused by 2 of 5 checks: serving: auc; region: fairness."
    assert said in report(tmp_path, GOOD, LOSS, TIME, FEW, SMALL)


def test_a_candidate_that_nothing_refuses_is_accepted(tmp_path: Path) -> None:
    said = "Accepted: 2 of 3 checks hold and none refuses."
    assert said in report(tmp_path, GOOD, TIME, SMALL)


def test_a_line_shows_what_was_measured_and_asked_or_why_nothing_was(tmp_path: Path) -> None:
    told = report(tmp_path, LOSS, FEW)
    assert "| FAILED | serving: auc | -0.2500 | -0.1250 |" in told
    assert "| insufficient data | region: fairness | fewer than 9 rows for south | - |" in told


def test_a_time_that_holds_does_not_stand_in_git(tmp_path: Path) -> None:
    assert "| ok | budget: time | within | 2.0000 |" in report(tmp_path, TIME)
