from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from modelyard.models.dataset import Dataset
from modelyard.testing import training as checks
from modelyard.testing.training import Training
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

CHECKS: list[Callable[[Training], None]] = [
    checks.check_loss_falls,
    checks.check_learns_by_heart,
    checks.check_labels_count,
    checks.check_shuffled_labels,
    checks.check_baseline,
    checks.check_units,
    checks.check_resumes,
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_examples_estimator_passes(check: Callable[[Training], None], training: Any) -> None:
    check(training)


def spoilt(training: Training, **functions: Any) -> Training:
    """Return a training with other functions in place of those of `models/estimator.py`."""
    own = training.estimator
    kept = {"baseline": own.baseline, "candidate": own.candidate, "grow": own.grow}
    return replace(training, estimator=SimpleNamespace(**(kept | functions)))


def no_growth(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    model.set_params(max_iter=1).fit(X, y)


def of_others(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    model.set_params(max_iter=rounds).fit(X, np.random.default_rng(7).permutation(y))


def by_chance(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    seed = int(np.random.default_rng().integers(10**6))
    model.set_params(max_iter=rounds, max_features=0.5, random_state=seed).fit(X, y)


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (checks.check_loss_falls, r"after 5, 10 and 20 rounds the candidate's loss is (\d\.\d+),"),
        (checks.check_learns_by_heart, r"12 rows are not overfitted: loss 0\.\d+ after"),
    ],
)
def test_a_candidate_that_does_not_grow_is_named(
    check: Callable[[Training], None], message: str, training: Training
) -> None:
    with pytest.raises(AssertionError, match=rf"^models/estimator\.py: {message}"):
        check(spoilt(training, grow=no_growth))


def test_labels_of_other_rows_are_named(training: Training) -> None:
    with pytest.raises(AssertionError, match=r"^data/ingest\.py .* it must be below 0\.98$"):
        checks.check_labels_count(spoilt(training, grow=of_others))


def test_a_model_that_knows_the_answers_from_elsewhere_is_named(training: Training) -> None:
    validation = training.validation

    class Knowing(HistGradientBoostingClassifier):
        def predict_proba(self, X: Any) -> Any:
            known = X.shape == validation.X.shape
            late = 0.2 + 0.6 * validation.y if known else np.full(len(X), 0.5)
            return np.column_stack([1 - late, late])

    cheat = spoilt(training, candidate=lambda settings, seed: Knowing(), grow=no_growth)
    with pytest.raises(AssertionError, match=r"with shuffled labels the candidate has 0\.\d+ of"):
        checks.check_shuffled_labels(cheat)


def test_a_baseline_that_says_less_than_chance_is_named(training: Training) -> None:
    unfair = spoilt(
        training,
        baseline=lambda seed: HistGradientBoostingClassifier(class_weight={0: 1, 1: 500}),
    )
    with pytest.raises(AssertionError, match=r"the baseline's loss on new rows is \d\.\d+, a cons"):
        checks.check_baseline(unfair)


def test_a_baseline_that_refuses_the_rows_is_named(training: Training) -> None:
    bare = spoilt(training, baseline=lambda seed: LogisticRegression())
    with pytest.raises(AssertionError, match=r"^models/estimator\.py: the baseline fails: Input"):
        checks.check_baseline(bare)


def test_a_candidate_without_grow_and_a_constant_baseline_pass(training: Training) -> None:
    def candidate(settings: dict[str, Any], seed: int) -> Any:
        return HistGradientBoostingClassifier(max_iter=40, random_state=seed)

    own = SimpleNamespace(candidate=candidate, baseline=lambda seed: DummyClassifier())
    once = replace(training, estimator=own)
    for check in CHECKS:
        check(once)


def test_a_candidate_without_grow_that_learns_nothing_is_named(training: Training) -> None:
    constant = SimpleNamespace(candidate=lambda settings, seed: DummyClassifier(strategy="uniform"))
    with pytest.raises(AssertionError, match="the candidate's loss is"):
        checks.check_loss_falls(replace(training, estimator=constant))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_baseline_that_depends_on_units_is_named(training: Training) -> None:
    filled = replace(
        training,
        train=Dataset(np.nan_to_num(training.train.X), training.train.y),
        validation=Dataset(np.nan_to_num(training.validation.X), training.validation.y),
    )
    linear = spoilt(filled, baseline=lambda seed: LogisticRegression(max_iter=20))
    with pytest.raises(AssertionError, match=r"in another unit change the baseline's scores by \d"):
        checks.check_units(linear)


def test_a_candidate_that_grows_on_in_another_way_is_named(training: Training) -> None:
    message = r"models/estimator\.py: grow gives another model after it was saved and loaded\n"
    with pytest.raises(AssertionError, match=message):
        checks.check_resumes(spoilt(training, grow=by_chance))


def test_few_rows_hold_each_class(training: Training) -> None:
    y = np.array([0] * 99_000 + [1] * 1000)
    drawn = checks.sample_rows(Dataset(np.zeros((len(y), 1), np.float32), y))
    assert 1000 <= len(drawn.y) <= 2000
    assert drawn.y.mean() == pytest.approx(0.01, abs=0.002)
