"""The report of a candidate, accepted or refused."""

import re
from typing import Any

from modelyard.models.gates.check import Check, markdown

ABOUT: dict[str, Any] = {"version": "abc", "training_rows": 1234, "trained_as_of": "2024-01-01"}
GOOD = Check.of("floors: auc", 0.75, 0.7, True)
LOSS = Check.of("serving: auc", -0.25, -0.125, False)
TIME = Check.of("budget: time", 0.5, 2.0, True, stable=False)
FEW = Check("region: fairness", "insufficient data", note="fewer than 9 rows for south")
SMALL = Check("region: floors", "insufficient data", note="few rows", required=False)


def report(*checks: Check) -> str:
    return re.sub(" +", " ", markdown(ABOUT, "Trained on 9 rows", [*checks]))


def test_the_report_says_which_checks_refuse() -> None:
    sentence = "Refused by 2 of 5 checks: serving: auc; region: fairness."
    assert sentence in report(GOOD, LOSS, TIME, FEW, SMALL)


def test_a_candidate_that_nothing_refuses_is_accepted() -> None:
    sentence = "Accepted: 2 of 3 checks passed, none refuses."
    assert sentence in report(GOOD, TIME, SMALL)


def test_a_row_shows_value_and_limit_or_the_reason_for_no_value() -> None:
    text = report(LOSS, FEW)
    assert "| FAILED | serving: auc | -0.2500 | -0.1250 |" in text
    assert "| insufficient data | region: fairness | fewer than 9 rows for south | - |" in text


def test_a_passed_latency_is_not_in_the_report() -> None:
    assert "| ok | budget: time | within | 2.0000 |" in report(TIME)
