from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from modelyard.models.scorer import Predictions
from modelyard.schema.columns import Rows
from modelyard.schema.contract import Classes, Quantity
from modelyard.serving.predictor import Predictor
from modelyard.testing import behaviour
from modelyard.testing.data import Prepared

from examples import CLEAR_CASES, RAISES, SAME


class Fake(Predictor):
    """A model with predictions given by a test."""

    def __init__(
        self, like: Predictor, scores: Callable[[Rows], np.ndarray], target: Any = None
    ) -> None:
        target = target or like.schema.target
        self.schema, self.scores = replace(like.schema, target=target), scores

    def predict(self, rows: Rows) -> Predictions:
        return Predictions(self.scores(rows).astype(np.float32), self.schema.target, 0.5)


def pairs(late: np.ndarray) -> np.ndarray:
    return np.column_stack([1 - late, late])


def by_seats(rows: Rows) -> np.ndarray:
    return pairs(np.nan_to_num(rows["seats"]) / 1000)


def test_the_examples_candidate_passes(
    candidate: Predictor, prepared: Prepared, real_rows: list[Any]
) -> None:
    for change in SAME:
        behaviour.check_same(candidate, real_rows, change)
    for change, raised in RAISES:
        behaviour.check_raises(candidate, real_rows, change, raised)
    for row, expected in CLEAR_CASES:
        behaviour.check_clear_case(candidate, row, expected, prepared.parts["train"])
    behaviour.check_scores(candidate, real_rows)


def test_a_change_that_counts_is_named(predictor: Predictor, real_rows: list[Any]) -> None:
    message = r"models/estimator\.py: \{'seats': 1\.0\} changes the scores\nMismatched elements: "
    with pytest.raises(AssertionError, match=message):
        behaviour.check_same(Fake(predictor, by_seats), real_rows, {"seats": 1.0})


@pytest.mark.parametrize(("seats", "raised"), [(1.0, "late"), (900.0, "on_time")])
def test_a_mean_that_falls_is_named(
    seats: float, raised: str, predictor: Predictor, real_rows: list[Any]
) -> None:
    message = rf"should raise {raised}, but the mean score goes from 0\.\d+ to 0\.\d+$"
    with pytest.raises(AssertionError, match=message):
        behaviour.check_raises(Fake(predictor, by_seats), real_rows, {"seats": seats}, raised)


def test_a_clear_case_that_is_missed_is_named(
    predictor: Predictor, prepared: Prepared, real_rows: list[Any]
) -> None:
    message = r"a clear case, \{.*\}, is predicted as on_time, expected is late$"
    with pytest.raises(AssertionError, match=message):
        behaviour.check_clear_case(
            Fake(predictor, by_seats), real_rows[0], "late", prepared.parts["train"]
        )


def test_a_number_is_right_to_within_the_spread(
    predictor: Predictor, prepared: Prepared, real_rows: list[Any]
) -> None:
    rows = prepared.parts["train"].rename({"seats": "places"})
    target = Quantity("places", "how many")
    fake = Fake(predictor, lambda rows: np.full((len(rows["seats"]), 1), 100.0), target)
    behaviour.check_clear_case(fake, real_rows[0], 110.0, rows)
    with pytest.raises(AssertionError, match=r"is predicted as 100\.0, expected is 500\.0$"):
        behaviour.check_clear_case(fake, real_rows[0], 500.0, rows)


BAD_SCORES: list[tuple[Callable[[Rows], np.ndarray], str]] = [
    (lambda rows: by_seats(rows)[:, :1], r"score shape \(300, 1\), not \(300, 2\)$"),
    (lambda rows: by_seats(rows) / 0.0, r"the scores of 300 rows are not finite$"),
    (lambda rows: pairs(np.full(len(rows["seats"]), 0.3)), r"300 rows have 1 different scores$"),
    (lambda rows: by_seats(rows) * 1.01, r"sum of probabilities is off 1 by 0\.01$"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("scores", "message"), BAD_SCORES)
def test_invalid_scores_are_named(
    scores: Callable[[Rows], np.ndarray],
    message: str,
    predictor: Predictor,
    real_rows: list[Any],
) -> None:
    assert isinstance(predictor.schema.target, Classes)
    with pytest.raises(AssertionError, match=rf"^models/estimator\.py: {message}"):
        behaviour.check_scores(Fake(predictor, scores), real_rows)
