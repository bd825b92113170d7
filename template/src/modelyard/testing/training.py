"""Checks of `models/estimator.py` on few rows: the models learn from labels, not from noise."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..models import store
from ..models.dataset import Dataset, read_dataset
from ..models.loss import constant_loss, score, training_loss
from ..models.search import grow
from ..params import Params
from ..params_sections import Train
from ..project import Project
from ..schema.contract import Task

FEW = 1500


@dataclass(frozen=True)
class Training:
    """Inputs of a small training: estimator, settings and few rows."""

    estimator: Any
    settings: Train
    task: Task
    train: Dataset
    validation: Dataset

    def candidate(self) -> Any:
        """Create the untrained candidate."""
        return self.estimator.candidate(self.settings.candidate, self.settings.seed)

    def grown(self, rows: Dataset, rounds: int) -> Any:
        """Return a candidate trained on rows."""
        model = self.candidate()
        grow(self.estimator, model, rounds, rows)
        return model

    def loss(self, rows: Dataset) -> float:
        """Return a candidate's validation loss as a multiple of a constant prediction's loss."""
        model = self.grown(rows, 20)
        own = training_loss(model, self.validation, self.task)
        return own / constant_loss(self.validation, self.task)


def read_training(project: Project, params: Params) -> Training:
    """Sample about 1,500 rows of each feature table."""
    schema = project.schema
    rows = [sample_rows(read_dataset(name, schema)) for name in ("train", "validation")]
    return Training(project.estimator, params.train, schema.target.task, *rows)


def sample_rows(rows: Dataset) -> Dataset:
    """Sample about 1,500 rows, stratified by the target."""
    sampled = np.argsort(rows.y, kind="stable")[:: max(1, len(rows.y) // FEW)]
    return Dataset(rows.X[sampled], rows.y[sampled])


def check_loss_falls(training: Training) -> None:
    """Check that the training loss does not rise with the number of rounds, if there are any."""
    rows, model, losses = training.train, training.candidate(), []
    for rounds in (5, 10, 20):
        grow(training.estimator, model, rounds, rows)
        losses.append(training_loss(model, rows, training.task))
    constant = constant_loss(rows, training.task)
    listed = ", ".join(f"{loss:.4f}" for loss in losses)
    falls = losses == sorted(losses, reverse=True) and losses[-1] < min(losses[0], constant)
    if not hasattr(training.estimator, "grow"):
        falls = losses[-1] < constant
    assert falls, (
        f"models/estimator.py: after 5, 10 and 20 rounds the candidate's loss is {listed} (a "
        f"constant's is {constant:.4f}), it must fall"
    )


def check_learns_by_heart(training: Training) -> None:
    """Check that the candidate can overfit twelve rows."""
    rows = training.train
    drawn = np.linspace(0, len(rows.y) - 1, 12).astype(int)
    repeated = Dataset(np.repeat(rows.X[drawn], 200, axis=0), np.repeat(rows.y[drawn], 200))
    model = training.grown(repeated, training.settings.rounds)
    loss = training_loss(model, repeated, training.task)
    constant = constant_loss(repeated, training.task)
    assert loss < 0.5 * constant, (
        f"models/estimator.py: 12 rows are not overfitted: loss {loss:.4f} after "
        f"{training.settings.rounds} rounds, a constant's is {constant:.4f}"
    )


def check_labels_count(training: Training) -> None:
    """Check that the candidate learns more from the labels than from labels of other rows."""
    rows = training.train
    own = training.loss(rows)
    other = training.loss(Dataset(rows.X, np.roll(rows.y, len(rows.y) // 2)))
    assert own < min(0.98, other), (
        f"data/ingest.py or features/build.py: on new rows the candidate has {own:.3f} of a "
        f"constant's loss ({other:.3f} with the labels of other rows), it must be below 0.98"
    )


def check_shuffled_labels(training: Training, times: int = 4) -> None:
    """Check that the candidate learns nothing from shuffled labels."""
    rows, shuffle = training.train, np.random.default_rng(training.settings.seed)
    losses = [training.loss(Dataset(rows.X, shuffle.permutation(rows.y))) for _ in range(times)]
    mean = float(np.mean(losses))
    assert mean > 0.98, (
        f"models/estimator.py: with shuffled labels the candidate has {mean:.3f} of a constant's "
        "loss on new rows, it must be above 0.98"
    )


def check_baseline(training: Training) -> None:
    """Check that the baseline is better than a constant prediction, unless it is one."""
    rows, model = training.train, training.estimator.baseline(training.settings.seed)
    try:
        loss = training_loss(model.fit(rows.X, rows.y), training.validation, training.task)
        scores = score(model, rows.X, training.task)
    except ValueError as error:
        raise AssertionError(f"models/estimator.py: the baseline fails: {error}") from None
    constant = constant_loss(training.validation, training.task)
    assert loss < constant or (scores == scores[0]).all(), (
        f"models/estimator.py: the baseline's loss on new rows is {loss:.4f}, a constant's "
        f"{constant:.4f}"
    )


def check_units(training: Training) -> None:
    """Check that the units of the features do not change the baseline's scores."""
    rows, other = training.train, training.validation.X
    unit = np.where(np.arange(rows.X.shape[1]) % 2, 1, 1024).astype(np.float32)
    model, scaled = (training.estimator.baseline(training.settings.seed) for _ in range(2))
    first = score(model.fit(rows.X, rows.y), other, training.task)
    again = score(scaled.fit(rows.X * unit, rows.y), other * unit, training.task)
    gap = float((np.abs(again - first) - 1e-3 * np.abs(first)).max())
    assert gap <= 1e-3, (
        f"models/estimator.py: features in another unit change the baseline's scores by {gap:.3g}"
    )


def check_resumes(training: Training) -> None:
    """Check that a candidate can be saved and loaded during training without a difference."""
    rows, whole, parted = training.train, training.candidate(), training.candidate()
    for rounds in (5, 10):
        grow(training.estimator, whole, rounds, rows)
        grow(training.estimator, parted, rounds, rows)
        stored = store.to_bytes(parted, training.estimator)
        parted = store.from_bytes(stored, "the candidate", training.estimator)
    found, expected = (score(one, training.validation.X, training.task) for one in (parted, whole))
    message = "models/estimator.py: grow gives another model after it was saved and loaded"
    np.testing.assert_equal(found, expected, message)
