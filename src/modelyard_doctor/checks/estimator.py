"""Rehearse the training of both models on few rows: fit, store, load, export, compare."""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from modelyard.features.spec import names
from modelyard.models import store
from modelyard.models.dataset import Dataset
from modelyard.models.export import check_parity, check_unusual, to_bytes
from modelyard.models.scorer import Scorer
from modelyard.models.search import check_estimator_type, make_candidate
from modelyard.params import Params
from modelyard.project import Project
from polars import DataFrame
from threadpoolctl import threadpool_limits

from ..context import PARAMS, Context
from ..finding import Finding
from ..lines import line_of_name, line_of_setting

NAME, FILE = "estimator", "models/estimator.py"
FEW, ROUNDS = 500, 20  # rows and rounds of the rehearsal
UNUSUAL = 200  # rows of which copies with rare values are compared
TOLERANCE = 1e-5


def few_rows(rows: Dataset, count: int) -> Dataset:
    """Return about `count` rows, in equal shares of each part of the target's range."""
    order = np.argsort(rows.y, kind="stable")
    drawn = np.sort(order[np.linspace(0, len(order) - 1, min(count, len(order))).astype(int)])
    for value in np.unique(rows.y) if rows.y.dtype.kind == "i" else ():
        drawn = np.union1d(drawn, np.flatnonzero(rows.y == value)[:2])
    return Dataset(np.ascontiguousarray(rows.X[drawn]), rows.y[drawn])


def check_estimator(context: Context) -> Iterator[Finding]:
    """Yield why a model cannot be trained, stored, loaded or exported without a difference."""
    for name in ("baseline", "candidate"):
        step = "created"
        try:
            with threadpool_limits(1), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for step in rehearsal(context, name):  # noqa: B007
                    pass
        except Exception as failure:
            yield model_finding(context, name, step, failure)
            return


def rehearsal(context: Context, name: str) -> Iterator[str]:
    """Take a model through all steps; yield each step before it is taken."""
    project, params, estimator = context.project, context.params, context.estimator
    dataset, sample = context.dataset, context.sample
    assert project is not None
    assert params is not None
    assert estimator is not None
    assert dataset is not None
    assert sample is not None
    schema, rows, seed = project.schema, few_rows(dataset, FEW), params.train.seed
    task = schema.target.task
    yield "created"
    first = name == "baseline"
    settings = params.train.candidate
    made = estimator.baseline(seed) if first else make_candidate(estimator, settings, seed)
    model = check_estimator_type(made, task, name)
    yield "trained"
    if first:
        model.fit(rows.X, rows.y)
    else:
        estimator.grow(model, min(ROUNDS, params.train.rounds), rows.X, rows.y)
    yield "stored and loaded"
    loaded = store.from_bytes(store.to_bytes(model), f"the {name}")
    yield "exported"
    content = to_bytes(loaded, rows.X.shape[1], task)
    yield "compared"
    compare(project, params, content, model, rows, sample)


def compare(
    project: Project, params: Params, content: bytes, model: Any, rows: Dataset, sample: DataFrame
) -> None:
    """Compare the scores of an exported model with the library's, also for unusual rows."""
    schema, threshold = project.schema, params.decision.threshold
    scorer = Scorer(content, names(schema, project.build), schema.target, threshold, project.build)
    check_parity(scorer, model, rows, schema.target.task, TOLERANCE)
    check_unusual(scorer, model, content, sample.head(UNUSUAL), schema, TOLERANCE)


WANTED = {
    "created": "a scikit-learn estimator for the target of schema.py",
    "trained": "an estimator that can be trained on these rows",
    "stored and loaded": "an estimator of types that skops knows",
    "exported": "an estimator of parts that can be converted to ONNX",
    "compared": f"scores within {TOLERANCE:g} and no other decision",
}
REMEDY = {
    "created": "correct the function",
    "trained": "correct the estimator, or its settings in params.yaml: train.candidate",
    "stored and loaded": "use a part of scikit-learn instead",
    "exported": "use another part of scikit-learn instead",
    "compared": "impute and encode inside of the estimator, no scaler in front of trees",
}


def model_finding(context: Context, name: str, step: str, failure: Exception) -> Finding:
    """Return the finding of a model that fails at a step."""
    found = context.finding(NAME, failure, FILE, WANTED[step], REMEDY[step])
    if setting := named_setting(context, found.found) if name == "candidate" else "":
        line = line_of_setting(context.root / PARAMS, setting)
        return Finding(NAME, PARAMS, found.found, found.allowed, found.remedy, line)
    own = found.file == context.path(FILE)
    line = line_of_name(context.root / context.path(FILE), name)
    text = f"the {name} cannot be {step}: {found.found}"
    if step == "compared":
        text = f"the {name}, exported: {found.found}"
    return Finding(
        NAME, found.file if own else context.path(FILE), text, found.allowed, found.remedy,
        found.line if own and found.line else line,
    )  # fmt: skip


def named_setting(context: Context, text: str) -> str:
    """Return the setting of the candidate that an error message names; "" without one."""
    assert context.params is not None
    for name in context.params.train.candidate:
        if f"'{name}'" in text:
            return f"train.candidate.{name}"
    return "train.candidate" if "train.candidate" in text else ""
