"""A candidate's answers beside those of the model in service."""

import numpy as np
import pytest
from modelyard.canary.check import Check, exit_code, table, works
from modelyard.canary.judge import Answers, as_scores, judged, latency, score
from modelyard.canary.params import Canary

from tests.runtime import example

LIMITS = Canary(**example.params()["canary"])
ROWS = 10 * LIMITS.min_rows
SCORES = np.random.default_rng(0).beta(2, 5, (ROWS, 1))


def answers(scores: np.ndarray = SCORES, answered: float = 1.0, seconds: float = 0.001) -> Answers:
    there = np.arange(len(scores)) < answered * len(scores)
    return Answers(scores, there, np.full(len(scores), seconds))


def failed(candidate: Answers, limits: Canary = LIMITS) -> set[str]:
    return {check.name for check in judged(answers(), candidate, limits) if not check.passed}


def test_the_same_answers_pass() -> None:
    assert failed(answers()) == set()


@pytest.mark.parametrize(
    ("candidate", "name"),
    [
        (answers(answered=0.9), "rows not answered"),
        (answers(seconds=1.0), "p95 of a request"),
        (answers(np.where(SCORES > 0.5, np.nan, SCORES)), "scores that are no number"),
        (answers(SCORES[::-1].copy()), "agreement of scores"),
        (answers(SCORES * 0.5), "shift of scores (PSI)"),
        (answers(np.full_like(SCORES, 0.3)), "agreement of scores"),
        (answers(answered=0.5 * LIMITS.min_rows / ROWS), "rows compared"),
        (answers(np.full_like(SCORES, np.nan)), "agreement of scores"),
    ],
    ids=["silent", "slow", "no number", "other order", "shifted", "constant", "few", "none"],
)
def test_what_is_not_as_good_is_named(candidate: Answers, name: str) -> None:
    assert name in failed(candidate)


def test_a_little_other_and_a_little_slower_passes() -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, SCORES.shape)
    assert failed(answers(np.clip(SCORES + noise, 0, 1), seconds=0.0011)) == set()


def test_of_few_answers_one_slow_one_says_nothing_and_half_of_them_slow_does() -> None:
    few, fast = np.full(26, 0.001), np.full(26, 0.001)
    few[:2] = 1.0
    assert latency(fast, few, LIMITS).passed
    few[:14] = 1.0
    assert not latency(fast, few, LIMITS).passed


def test_scores_are_read_from_each_kind_of_prediction() -> None:
    assert score({"prediction": "a", "score": 0.25}) == [0.25]
    assert score({"prediction": "a", "scores": {"a": 0.75, "b": 0.25}}) == [0.75, 0.25]
    assert score({"prediction": 12.5}) == [12.5]
    assert np.isnan(score({"prediction": "a", "score": None})).all()


def test_a_row_without_an_answer_has_no_scores_and_neither_has_one_with_too_few() -> None:
    classes = {"scores": {"a": 0.75, "b": 0.25}}
    found = as_scores([classes, None, {"score": 0.5}])
    assert found.answered.tolist() == [True, False, True]
    assert found.scores[0].tolist() == [0.75, 0.25]
    assert np.isnan(found.scores[1:]).all()


def test_what_does_not_work_says_why() -> None:
    assert works("it serves") == Check("it serves", "yes", "yes", True)
    assert works("it serves", "no file") == Check("it serves", "no file", "yes", False)


def test_no_check_is_no_go_and_neither_is_one_that_failed() -> None:
    good, bad = Check("a", "1", "1", True), Check("b", "2", "1", False)
    assert [exit_code(checks) for checks in ([good], [good, bad], [])] == [0, 20, 20]


def test_a_table_is_aligned_and_cuts_long_cells() -> None:
    lines = table([Check("a", "x" * 200, "yes", False), Check("bcd", "1", "1", True)]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) < 120
