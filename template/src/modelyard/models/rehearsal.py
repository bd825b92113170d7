"""Fit, store, load and export both models on few rows, before a search that may take hours."""

from typing import Any

import numpy as np

from ..params import Params
from ..schema.contract import Classes, Schema
from . import store
from .dataset import Dataset
from .export import check_parity, to_bytes
from .scorer import Scorer
from .search import fit_baseline, grow, list_trials, make_candidate

ROWS, ROUNDS, OF_A_CLASS = 500, 2, 10


def rehearse(estimator: Any, rows: Dataset, schema: Schema, params: Params) -> list[str]:
    """Train both models on at most 500 rows, and export them with the same scores.

    What fails is tried again on all rows: a model may need more than 500. All settings that the
    search will try are passed to `candidate`; only the first are trained, for two rounds.

    Args:
        estimator: the project's module `models/estimator.py`.
        rows: training rows; the classes and features of `schema`.
        schema: the schema, for the target.
        params: content of `params.yaml`.

    Returns:
        What is no error, but breaks a promise: a model that differs between two trainings.

    Raises:
        UserError: a model does not suit the target, cannot be trained, stored, loaded or exported,
            or has other scores in ONNX; the message names the model, what is allowed, the remedy.
    """
    for settings in list_trials(params.train, params.search):
        make_candidate(estimator, settings, params.train.seed, schema.target.task)
    notes = []
    for name in ("baseline", "candidate"):
        try:
            same = export_twice(name, estimator, few_rows(rows, schema), schema, params)
        except Exception:  # of any library
            same = export_twice(name, estimator, rows, schema, params)
        if not same:
            notes.append(
                f"models/estimator.py: {name} differs between two trainings on the same rows; pass "
                "`seed` to each part that has a random_state"
            )
    return notes


def export_twice(name: str, estimator: Any, rows: Dataset, schema: Schema, params: Params) -> bool:
    """Train, store, load and export a model twice; return whether the files are equal."""
    task, names = schema.target.task, [str(index) for index in range(rows.X.shape[1])]
    train, contents = params.train, []
    for _ in range(2):
        if name == "baseline":
            model = fit_baseline(estimator, rows, task, train.seed)
        else:
            model = make_candidate(estimator, train.candidate, train.seed, task)
            for rounds in range(1, min(ROUNDS, train.rounds)):
                grow(estimator, model, rounds, rows)
                model = reloaded(model, name, estimator)
            grow(estimator, model, min(ROUNDS, train.rounds), rows)
        contents.append(to_bytes(reloaded(model, name, estimator), names, task, estimator))
    scorer = Scorer(contents[0], names, schema.target, params.decision.threshold, lambda rows: {})
    check_parity(scorer, model, rows, task, params.gate.max_parity_gap)
    return contents[0] == contents[1]


def reloaded(model: Any, name: str, estimator: Any) -> Any:
    """Store a model and load it again."""
    return store.from_bytes(store.to_bytes(model, estimator), f"the {name}", estimator)


def few_rows(rows: Dataset, schema: Schema) -> Dataset:
    """Take evenly spaced rows in order of the target, and the first rows of each class."""
    order = np.argsort(rows.y, kind="stable")
    taken = [order[np.linspace(0, len(order) - 1, min(len(order), ROWS)).astype(int)]]
    if isinstance(schema.target, Classes):
        taken += [np.flatnonzero(rows.y == one)[:OF_A_CLASS] for one in np.unique(rows.y)]
    return Dataset(*(part[np.unique(np.concatenate(taken))] for part in rows))
