"""Candidates for a project's gate: as good as the serving model, or damaged on purpose."""

import copy
import sys
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from modelyard.data.read import read_table
from modelyard.data.tables import to_rows
from modelyard.features.spec import matrix, names
from modelyard.features.table import encoded_target
from modelyard.files import read_json
from modelyard.models.dataset import read_dataset
from modelyard.models.loss import score
from modelyard.models.metrics import measure
from modelyard.models.scorer import Predictions
from modelyard.params import read_params
from modelyard.places import MODELS, PROCESSED
from modelyard.project import load

PROJECT, PARAMS = load(sys.argv[1]), read_params()
SCHEMA, METRIC = PROJECT.schema, PARAMS.search.choose_by
estimator = PROJECT.estimator
TRAIN = read_dataset("train", SCHEMA)
TRIALS = read_json(MODELS / "trials.json", "")
SETTINGS = TRIALS["trials"][TRIALS["chosen"]]["settings"]


class Rows(NamedTuple):
    """Labelled rows: features, labels and groups."""

    X: np.ndarray
    y: np.ndarray
    groups: dict[str, np.ndarray]


def read(name: str) -> Rows:
    """Read labelled rows."""
    table = read_table(PROCESSED / f"{name}.parquet")
    rows = to_rows(table, SCHEMA)
    y = encoded_target(table, SCHEMA).to_numpy()
    groups = {part.name: part.assign_groups(rows) for part in SCHEMA.slices}
    build = PROJECT.build
    return Rows(matrix(rows, names(SCHEMA, build), build), y, groups)


TEST, FROZEN = read("test"), read("frozen")


def fit(X: np.ndarray, y: np.ndarray, seed: int, rounds: int = PARAMS.train.rounds) -> Any:
    """Train the project's candidate."""
    model = estimator.candidate(SETTINGS, seed)
    estimator.grow(model, rounds, X, y)
    return model


@cache
def sound(seed: int) -> Any:
    """Train on a bootstrap sample of the training rows."""
    rows = np.random.default_rng(seed).integers(len(TRAIN.y), size=len(TRAIN.y))
    return fit(TRAIN.X[rows], TRAIN.y[rows], seed)


def noisy(seed: int, size: float) -> Any:
    """Add noise to each leaf; `size` is in standard deviations of the leaves of its tree."""
    model, random = copy.deepcopy(sound(seed)), np.random.default_rng(seed)
    for trees in model._predictors:
        for tree in trees:
            leaves = tree.nodes["value"]
            leaves += random.normal(0, size * leaves.std(), len(leaves))
    return model


def mislabelled(seed: int, share: float) -> Any:
    """Train with shuffled labels for a share of the rows."""
    random, y = np.random.default_rng(seed), TRAIN.y.copy()
    chosen = random.permutation(len(y))[: int(len(y) * share)]
    y[chosen] = y[random.permutation(chosen)]
    return fit(TRAIN.X, y, seed)


def short_of_rows(seed: int, share: float) -> Any:
    """Train on a share of the rows."""
    chosen = np.random.default_rng(seed).permutation(len(TRAIN.y))[: int(len(TRAIN.y) * share)]
    return fit(TRAIN.X[chosen], TRAIN.y[chosen], seed)


def short_of_rounds(seed: int, share: float) -> Any:
    """Train with a share of the rounds."""
    return fit(TRAIN.X, TRAIN.y, seed, max(1, int(PARAMS.train.rounds * share)))


def predict(model: Any, rows: Rows) -> Any:
    """Return the predictions of a model."""
    scores = score(model, rows.X, SCHEMA.target.task).astype(np.float32)
    return Predictions(scores, SCHEMA.target, PARAMS.decision.threshold)


def collapsed(seed: int) -> Any:
    """Predict like a sound model, but shuffle the scores of the smallest group."""
    predictions = predict(sound(seed), TEST)
    names, sizes = np.unique(list(TEST.groups.values())[-1], return_counts=True)
    own = np.flatnonzero(list(TEST.groups.values())[-1] == names[sizes.argmin()])
    scores = predictions.scores.copy()
    scores[own] = scores[np.random.default_rng(seed).permutation(own)]
    return Predictions(scores, predictions.target, predictions.threshold)


def metric_value(predictions: Any, rows: Rows) -> float:
    """Return the gate's metric of predictions."""
    threshold = predictions.threshold
    return float(measure(SCHEMA.target.task, rows.y, predictions.scores, threshold)[METRIC])
