"""The step `train`: fit the baseline, search the candidate's settings, keep both models."""

import hashlib
from pathlib import Path
from typing import Any

import sklearn
from threadpoolctl import threadpool_limits

from ..console import UserError
from ..files import sha256, write_json
from ..params import Params, read_params
from ..places import FEATURES, MODELS
from ..project import Project
from ..schema.contract import Task
from ..tracking import start
from . import store
from .checkpoint import Checkpoints
from .dataset import Dataset, read_dataset
from .loss import score
from .metrics import better_by, measure, need
from .search import Plan, fitting, list_trials, run_trial


def fingerprint(params: Params, estimator: Any) -> str:
    """Hash all that decides what a training gives: data, settings, code and library."""
    read = [FEATURES / "train.parquet", FEATURES / "validation.parquet"]
    code = [*sorted(Path(__file__).parent.glob("*.py")), Path(estimator.__file__)]
    settings = params.model_dump_json(include={"train", "search", "decision"})
    text = sklearn.__version__ + settings + "".join(sha256(path) for path in [*read, *code])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def measured(model: Any, rows: Dataset, task: Task, params: Params) -> dict[str, float]:
    """Measure a model of the training library."""
    shown = score(model, rows.X, task)
    return measure(task, rows.y, shown, params.decision.threshold)


def fit_baseline(estimator: Any, rows: Dataset, task: Task, seed: int) -> Any:
    """Fit the baseline, on one thread so that sums have one order.

    Raises:
        UserError: it is of another kind than the target, or refuses the rows.
    """
    model = fitting(estimator.baseline(seed), task, "baseline")
    try:
        with threadpool_limits(1):
            return model.fit(rows.X, rows.y)
    except ValueError as failure:
        raise UserError(f"the baseline cannot be trained: {failure}") from None


def run_search(plan: Plan, validation: Dataset, params: Params) -> list[dict[str, Any]]:
    """Run all trials that have no result yet; list each one's settings and metrics."""
    results = []
    for trial, settings in enumerate(list_trials(params.train, params.search)):
        result = plan.kept.result(trial)
        if result is None:
            model = run_trial(plan, trial, settings)
            result = {
                "settings": settings,
                "metrics": measured(model, validation, plan.task, params),
            }
            plan.kept.save_result(trial, result)
        results.append(result)
    return results


def choose(results: list[dict[str, Any]], metric: str) -> int:
    """Give the number of the trial that is best by a metric; of equals, the first.

    Raises:
        UserError: there is no such metric.
    """
    best = 0
    for trial, result in enumerate(results):
        value = need(result["metrics"], metric, "search.choose_by")
        if better_by(metric, value, results[best]["metrics"][metric]) > 0:
            best = trial
    return best


def main(project: Project) -> None:
    """Train, choose, and keep the models; forget the checkpoints only then."""
    params, schema, estimator = read_params(), project.schema, project.estimator
    rows, validation = read_dataset("train", schema), read_dataset("validation", schema)
    kept, task = Checkpoints(fingerprint(params, estimator)), schema.target.task
    with start.start_run(project.package, params.model_dump(mode="json")) as tracker:
        plan = Plan(rows, task, params.train, kept, tracker.progress, estimator)
        baseline = fit_baseline(estimator, rows, task, params.train.seed)
        store.save(MODELS / "baseline.skops", baseline)
        # a metric that does not exist is told before the search, not after it
        known = measured(baseline, validation, task, params)
        need(known, params.search.choose_by, "search.choose_by")
        results = run_search(plan, validation, params)
        best = choose(results, params.search.choose_by)
        tracker.metrics(results[best]["metrics"])
    store.save(MODELS / "candidate.skops", kept.newest_model(best)[1])
    trials = {"chosen": best, "by": params.search.choose_by, "trials": results}
    write_json(MODELS / "trials.json", trials)
    kept.clear()
