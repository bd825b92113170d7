"""The report of a candidate, accepted or refused."""

import re
from pathlib import Path
from typing import Any

from modelyard.models.gates.check import Check, write_report

ABOUT: dict[str, Any] = {"version": "abc", "training_rows": 1234, "trained_as_of": "2024-01-01"}
GOOD = Check.of("floors: auc", 0.75, 0.7, True)
LOSS = Check.of("serving: auc", -0.25, -0.125, False)
TIME = Check.of("budget: time", 0.5, 2.0, True, stable=False)
FEW = Check("region: fairness", "insufficient data", note="fewer than 9 rows for south")
SMALL = Check("region: floors", "insufficient data", note="few rows", required=False)


def report(folder: Path, *checks: Check) -> str:
    write_report(ABOUT, [*checks], folder)
    return re.sub(" +", " ", (folder / "gate.md").read_text("utf-8"))


def test_the_report_says_which_checks_refuse(tmp_path: Path) -> None:
    sentence = "Refused by 2 of 5 checks: serving: auc; region: fairness."
    assert sentence in report(tmp_path, GOOD, LOSS, TIME, FEW, SMALL)


def test_a_candidate_that_nothing_refuses_is_accepted(tmp_path: Path) -> None:
    sentence = "Accepted: 2 of 3 checks passed, none refuses."
    assert sentence in report(tmp_path, GOOD, TIME, SMALL)


def test_a_row_shows_value_and_limit_or_the_reason_for_no_value(tmp_path: Path) -> None:
    text = report(tmp_path, LOSS, FEW)
    assert "| FAILED | serving: auc | -0.2500 | -0.1250 |" in text
    assert "| insufficient data | region: fairness | fewer than 9 rows for south | - |" in text


def test_a_passed_latency_is_not_in_the_report(tmp_path: Path) -> None:
    assert "| ok | budget: time | within | 2.0000 |" in report(tmp_path, TIME)
