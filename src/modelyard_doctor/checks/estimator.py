"""Rehearse the training of both models on few rows: fit, store, load, export, compare."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from modelyard.features.spec import names
from modelyard.models.dataset import Dataset
from modelyard.models.export import check_unusual, to_bytes
from modelyard.models.scorer import Scorer
from modelyard.models.search import fit_baseline, grow, make_candidate
from threadpoolctl import threadpool_limits

from ..context import PARAMS, Context
from ..finding import Finding
from ..lines import line_of_name, line_of_setting
from ..rehearsal import export_twice, few_rows

NAME, FILE = "estimator", "models/estimator.py"
ROUNDS = 20  # of the model whose scores for unusual rows are compared
UNUSUAL = 200  # rows of which copies with rare values are compared
ALLOWED = "an estimator that can be trained, stored, loaded and exported with the same scores"
REMEDY = "correct the function, or take other parts of the library"
SEED = "pass `seed` to each part that has a random_state"


def check_estimator(context: Context) -> Iterator[Finding]:
    """Yield why a model cannot be trained, stored, loaded or exported without a difference."""
    assert context.schema is not None
    assert context.dataset is not None
    few = few_rows(context.dataset, context.schema)
    for name in ("baseline", "candidate"):
        try:
            same = rehearse(context, name, few)
        except Exception:
            try:  # a model may need more than 500 rows
                same = rehearse(context, name, context.dataset)
            except Exception as failure:
                yield model_finding(context, name, failure)
                continue
        if not same:
            found = f"the {name} differs between two trainings on the same rows"
            line = line_of_name(context.root / context.path(FILE), name)
            yield context.error(NAME, FILE, found, "the same model", SEED, line, "note")


def rehearse(context: Context, name: str, rows: Dataset) -> bool:
    """Take a model through all steps; return whether a second training gives the same.

    Raises:
        Exception: a step fails, or the exported scores are others, also for rare values.
    """
    project, params, sample = context.project, context.params, context.sample
    assert project is not None
    assert params is not None
    assert sample is not None
    estimator, schema, train = context.estimator, project.schema, params.train
    task, features = schema.target.task, names(schema, project.build)
    with quiet():
        same = export_twice(name, estimator, rows, schema, params)
        if name == "baseline":
            model = fit_baseline(estimator, rows, task, train.seed)
        else:
            model = make_candidate(estimator, train.candidate, train.seed, task)
            grow(estimator, model, min(ROUNDS, train.rounds), rows)
        content = to_bytes(model, features, task, estimator)
        threshold, build = params.decision.threshold, project.build
        scorer = Scorer(content, features, schema.target, threshold, build)
        table = sample.gather_every(max(1, sample.height // UNUSUAL))
        check_unusual(scorer, model, content, table, schema, params.gate.max_parity_gap)
    return same


@contextmanager
def quiet() -> Iterator[None]:
    """Run a block on one thread and without warnings: few rows converge badly."""
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def model_finding(context: Context, name: str, failure: Exception) -> Finding:
    """Return the finding of a model that fails at a step, with the function or the setting."""
    found = context.finding(NAME, failure, FILE, ALLOWED, REMEDY)
    file, line = found.file, found.line
    if setting := named_setting(context, found.found) if name == "candidate" else "":
        file, line = PARAMS, line_of_setting(context.root / PARAMS, setting)
    elif line is None:
        line = line_of_name(context.root / context.path(FILE), name)
    text = found.found if name in found.found else f"the {name}: {found.found}"
    return Finding(NAME, file, text, found.allowed, found.remedy, line)


def named_setting(context: Context, text: str) -> str:
    """Return the setting of the candidate that an error message names; "" without one."""
    assert context.params is not None
    for name in context.params.train.candidate:
        if f"'{name}'" in text:
            return f"train.candidate.{name}"
    return "train.candidate" if "train.candidate" in text else ""
