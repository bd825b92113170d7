"""Rehearse the training of both models on few rows: fit, store, load, export, compare."""

import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from modelyard.features.spec import names
from modelyard.models import store
from modelyard.models.dataset import Dataset
from modelyard.models.export import check_parity, check_unusual, to_bytes
from modelyard.models.scorer import Scorer
from modelyard.models.search import check_estimator_type, list_trials, make_candidate
from modelyard.params import Params
from threadpoolctl import threadpool_limits

from ..context import PARAMS, Context
from ..failures import text_of
from ..finding import Finding
from ..lines import line_of_name, line_of_setting

NAME, FILE = "estimator", "models/estimator.py"
FEW, ROUNDS = 500, 20  # rows and rounds of the rehearsal
TOLERANCE = 1e-5
MOST_TRIALS = 20  # settings that are tried, with one round each
LONG_S = 3600.0  # a longer search is noted


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
                for step, work in rehearsal(context, name):  # noqa: B007
                    del work
        except Exception as failure:
            yield model_finding(context, name, step, failure)
            return


def rehearsal(context: Context, name: str) -> Iterator[tuple[str, Any]]:
    """Take a model through all steps; yield each step before it is taken."""
    assert context.project is not None
    assert context.params is not None
    assert context.dataset is not None
    assert context.sample is not None
    project, params, estimator = context.project, context.params, context.estimator
    schema, task = project.schema, project.schema.target.task
    rows = few_rows(context.dataset, FEW)
    yield "created", None
    seed, settings = params.train.seed, params.train.candidate
    assert estimator is not None
    if name == "baseline":
        model = check_estimator_type(estimator.baseline(seed), task, name)
        yield "trained", None
        model.fit(rows.X, rows.y)
    else:
        model = check_estimator_type(make_candidate(estimator, settings, seed), task, name)
        yield "trained", None
        estimator.grow(model, min(ROUNDS, params.train.rounds), rows.X, rows.y)
    yield "stored and loaded", None
    loaded = store.from_bytes(store.to_bytes(model), f"the {name}")
    yield "exported", None
    content = to_bytes(loaded, rows.X.shape[1], task)
    expected = names(schema, project.build)
    scorer = Scorer(content, expected, schema.target, params.decision.threshold, project.build)
    yield "compared", None
    check_parity(scorer, model, rows, task, TOLERANCE)
    check_unusual(scorer, model, content, context.sample.head(200), schema, TOLERANCE)


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


def check_search(context: Context) -> Iterator[Finding]:
    """Yield settings that the estimator refuses, and a search that would take long."""
    assert context.params is not None
    assert context.dataset is not None
    params, rows = context.params, few_rows(context.dataset, 200)
    trials = list_trials(params.train, params.search)
    for settings in trials[:MOST_TRIALS]:
        try:
            fit_seconds(context, settings, rows, 1)
        except Exception as failure:
            changed = [
                name for name, value in settings.items()
                if value != params.train.candidate.get(name, value)
            ]  # fmt: skip
            where = f"search.space.{changed[0]}" if len(changed) == 1 else "search.space"
            yield Finding(
                "search", PARAMS, f"{settings}: {text_of(failure)}", "values of the estimator",
                "correct search.space", line_of_setting(context.root / PARAMS, where),
            )  # fmt: skip
            return
    seconds = estimate(context, params, len(trials))
    text = f"{len(trials)} trials of {params.train.rounds} rounds take about {human(seconds)}"
    context.facts.append(f"search: {text}")
    context.seconds["search (estimated)"] = seconds
    if seconds > LONG_S:
        yield Finding(
            "search", PARAMS, text, f"any time; longer than {human(LONG_S)} is noted",
            "fewer search.trials or train.rounds, or simpler settings",
            line_of_setting(context.root / PARAMS, "search.trials"), "note",
        )  # fmt: skip


def estimate(context: Context, params: Params, trials: int) -> float:
    """Estimate the seconds of the search: linear in rows and rounds, from two short trainings."""
    assert context.dataset is not None
    assert context.raw is not None
    few, more = few_rows(context.dataset, FEW), context.dataset
    rounds, settings = min(ROUNDS, params.train.rounds), params.train.candidate
    first = fit_seconds(context, settings, few, rounds)
    training = context.raw.height * (1 - params.split.validation - params.split.test)
    slope = 0.0
    if len(more.y) > 2 * len(few.y):
        slope = (fit_seconds(context, settings, more, rounds) - first) / (len(more.y) - len(few.y))
    whole = first + max(0.0, slope) * max(0.0, training - len(few.y))
    return whole * trials * params.train.rounds / rounds


def fit_seconds(context: Context, settings: dict[str, Any], rows: Dataset, rounds: int) -> float:
    """Train a candidate; return the seconds that it took."""
    assert context.estimator is not None
    assert context.params is not None
    model = make_candidate(context.estimator, settings, context.params.train.seed)
    start = time.perf_counter()
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context.estimator.grow(model, rounds, rows.X, rows.y)
    return time.perf_counter() - start


def human(seconds: float) -> str:
    """Return a duration in words: seconds, minutes or hours."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(1, round(seconds))} s"
