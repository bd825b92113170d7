"""A model learns from labels, and nothing from noise."""

import numpy as np
from flight_delays.models import estimator
from flight_delays.schema import SCHEMA
from modelyard.models.dataset import Dataset
from modelyard.models.loss import (
    constant_loss,
    score,
    training_loss,
)
from modelyard.params import read_params

TASK = SCHEMA.target.task
Rows = tuple[Dataset, Dataset]


def grown(rows: Dataset, *steps: int) -> list[float]:
    """Train a candidate in steps; return the training loss after each."""
    params = read_params().train
    model = estimator.candidate(params.candidate, params.seed)
    losses = []
    for rounds in steps:
        estimator.grow(model, rounds, rows.X, rows.y)
        losses.append(training_loss(model, rows, TASK))
    return losses


def validation_loss(train: Dataset, validation: Dataset) -> float:
    params = read_params().train
    model = estimator.candidate(params.candidate, params.seed)
    estimator.grow(model, 20, train.X, train.y)
    return training_loss(model, validation, TASK) / constant_loss(validation, TASK)


def test_the_loss_never_rises_as_the_model_grows(few_rows: Rows) -> None:
    train = few_rows[0]
    losses = grown(train, 5, 10, 20)
    assert losses == sorted(losses, reverse=True)
    assert losses[0] < constant_loss(train, TASK)


def test_a_few_rows_are_learnt_by_heart(few_rows: Rows) -> None:
    train = few_rows[0]
    drawn = np.linspace(0, len(train.y) - 1, 12).astype(int)
    repeated = Dataset(np.repeat(train.X[drawn], 200, axis=0), np.repeat(train.y[drawn], 200))
    losses = grown(repeated, read_params().train.rounds)
    assert losses[0] < 0.5 * constant_loss(repeated, TASK)


def test_labels_say_more_than_chance(few_rows: Rows) -> None:
    assert validation_loss(*few_rows) < 0.98


def test_shuffled_labels_say_no_more_than_chance(few_rows: Rows) -> None:
    train, validation = few_rows
    shuffles = [np.random.default_rng(seed).permutation(train.y) for seed in range(6)]
    losses = [validation_loss(Dataset(train.X, y), validation) for y in shuffles]
    assert np.mean(losses) > 0.98


def test_a_shifted_label_is_not_what_the_features_say(few_rows: Rows) -> None:
    train, validation = few_rows
    shifted = Dataset(train.X, np.roll(train.y, len(train.y) // 2))
    assert validation_loss(train, validation) < validation_loss(shifted, validation)


def test_the_baseline_says_more_than_chance(few_rows: Rows) -> None:
    train, validation = few_rows
    model = estimator.baseline(read_params().train.seed).fit(train.X, train.y)
    assert training_loss(model, validation, TASK) < constant_loss(validation, TASK)


def test_the_unit_of_a_feature_does_not_change_what_the_baseline_says(few_rows: Rows) -> None:
    train, validation = few_rows
    model, other = (estimator.baseline(read_params().train.seed) for _ in range(2))
    unit = np.where(np.arange(train.X.shape[1]) % 2, 1, 1024).astype(np.float32)
    model.fit(train.X, train.y)
    other.fit(train.X * unit, train.y)
    first, again = score(model, validation.X, TASK), score(other, validation.X * unit, TASK)
    np.testing.assert_allclose(again, first, rtol=1e-3, atol=1e-3)
