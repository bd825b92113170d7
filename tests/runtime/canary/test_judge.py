"""Comparison of a candidate's outputs with those of the serving model."""

import numpy as np
import pytest
from modelyard.canary.check import Check, exit_code, success_check, table
from modelyard.canary.judge import Outputs, judge, latency, score, to_outputs
from modelyard.params_release import Canary

from tests.runtime import example

LIMITS = Canary(**example.params()["canary"])
ROWS = 10 * LIMITS.min_rows
SCORES = np.random.default_rng(0).beta(2, 5, (ROWS, 1))


def outputs(scores: np.ndarray = SCORES, predicted: float = 1.0, seconds: float = 0.001) -> Outputs:
    there = np.arange(len(scores)) < predicted * len(scores)
    return Outputs(scores, there, np.full(len(scores), seconds))


def failed(candidate: Outputs, limits: Canary = LIMITS) -> set[str]:
    return {check.name for check in judge(outputs(), candidate, limits) if not check.passed}


def test_equal_outputs_pass() -> None:
    assert failed(outputs()) == set()


@pytest.mark.parametrize(
    ("candidate", "name"),
    [
        (outputs(predicted=0.9), "failed rows"),
        (outputs(seconds=1.0), "p95 latency"),
        (outputs(np.where(SCORES > 0.5, np.nan, SCORES)), "non-finite scores"),
        (outputs(SCORES[::-1].copy()), "agreement of scores"),
        (outputs(SCORES * 0.5), "shift of scores (PSI)"),
        (outputs(np.full_like(SCORES, 0.3)), "agreement of scores"),
        (outputs(predicted=0.5 * LIMITS.min_rows / ROWS), "rows compared"),
        (outputs(np.full_like(SCORES, np.nan)), "agreement of scores"),
    ],
    ids=["failed", "slow", "nan", "reordered", "shifted", "constant", "few rows", "all nan"],
)
def test_each_degradation_fails_its_check(candidate: Outputs, name: str) -> None:
    assert name in failed(candidate)


def test_small_differences_pass() -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, SCORES.shape)
    assert failed(outputs(np.clip(SCORES + noise, 0, 1), seconds=0.0011)) == set()


def test_with_few_requests_the_median_latency_decides() -> None:
    few, fast = np.full(26, 0.001), np.full(26, 0.001)
    few[:2] = 1.0
    assert latency(fast, few, LIMITS).passed
    few[2:] = 1.0
    assert not latency(fast, few, LIMITS).passed


def test_scores_are_read_from_each_kind_of_prediction() -> None:
    assert score({"prediction": "a", "score": 0.25}) == [0.25]
    assert score({"prediction": "a", "scores": {"a": 0.75, "b": 0.25}}) == [0.75, 0.25]
    assert score({"prediction": 12.5}) == [12.5]
    assert np.isnan(score({"prediction": "a", "score": None})).all()


def test_missing_and_incomplete_predictions_have_no_scores() -> None:
    classes = {"scores": {"a": 0.75, "b": 0.25}}
    found = to_outputs([classes, None, {"score": 0.5}])
    assert found.predicted.tolist() == [True, False, True]
    assert found.scores[0].tolist() == [0.75, 0.25]
    assert np.isnan(found.scores[1:]).all()


def test_a_success_check_fails_with_the_failure_message() -> None:
    assert success_check("service starts") == Check("service starts", "yes", "yes", True)
    assert success_check("service starts", "no file") == Check(
        "service starts", "no file", "yes", False
    )


def test_a_failed_check_and_no_checks_at_all_are_no_go() -> None:
    good, bad = Check("a", "1", "1", True), Check("b", "2", "1", False)
    assert [exit_code(checks) for checks in ([good], [good, bad], [])] == [0, 20, 20]


def test_a_table_is_aligned_and_cuts_long_cells() -> None:
    lines = table([Check("a", "x" * 200, "yes", False), Check("bcd", "1", "1", True)]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) < 120
