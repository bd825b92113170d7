"""Stage `train`: fit the baseline, search the candidate's settings, save both models."""

import hashlib
from pathlib import Path
from typing import Any

import sklearn

from ..console import UserError
from ..data.read import read_table
from ..data.tables import to_rows
from ..files import sha256, write_json
from ..params import Params, read_params
from ..places import FEATURES, MODELS, PROCESSED
from ..project import Project
from ..schema.contract import Schema
from ..tracking import tracker
from . import store
from .dataset import Dataset, read_dataset
from .loss import score
from .metrics import get_metric, improvement, measure_rows
from .rehearsal import rehearse
from .scorer import Predictions
from .search import Checkpoints, SearchContext, fit_baseline, list_trials, run_trial


def fingerprint(params: Params, estimator: Any) -> str:
    """Hash all inputs that change the trained model: data, settings, code, library version."""
    own = Path(estimator.__file__).parent
    data = [FEATURES / "train.parquet", FEATURES / "validation.parquet"]
    code = [
        *sorted(Path(__file__).parent.glob("*.py")),
        *sorted(own.glob("*.py")),
        own.parent / "schema.py",
    ]
    settings = params.model_dump_json(include={"train", "search", "decision"})
    text = sklearn.__version__ + settings + "".join(sha256(path) for path in [*data, *code])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def measure_model(model: Any, data: Dataset, schema: Schema, params: Params) -> dict[str, float]:
    """Compute the metrics of a trained model on the validation rows."""
    scores = data.in_unit(score(model, data.X, schema.target.task))
    predictions = Predictions(scores, schema.target, params.decision.threshold)
    own = schema.metrics  # only they need the rows
    rows = to_rows(read_table(PROCESSED / "validation.parquet"), schema) if own else {}
    return measure_rows(schema, rows, data.in_unit(data.y), predictions)


def check_own(schema: Schema, measured: dict[str, float]) -> None:
    """Refuse metrics of the project's own that are not finite, by file and function."""
    for one in schema.metrics:
        if one.name not in measured:
            found = "returns no finite number for the baseline's predictions of the validation rows"
            raise UserError(f"{one} {found}, allowed is a finite number")


def run_search(
    context: SearchContext, validation: Dataset, schema: Schema, params: Params
) -> list[dict[str, Any]]:
    """Run all unfinished trials; return settings and metrics of each trial."""
    results = []
    for trial, settings in enumerate(list_trials(params.train, params.search)):
        result = context.checkpoints.result(trial)
        if result is None:
            model = run_trial(context, trial, settings)
            result = {
                "settings": settings,
                "metrics": measure_model(model, validation, schema, params),
            }
            context.checkpoints.save_result(trial, result)
        results.append(result)
    return results


def choose_best(results: list[dict[str, Any]], metric: str) -> int:
    """Return the number of the best trial by a metric; of equal ones, the first."""
    best = 0
    for trial, result in enumerate(results):
        value = get_metric(result["metrics"], metric, "search.choose_by")
        if improvement(metric, value, results[best]["metrics"][metric]) > 0:
            best = trial
    return best


def main(project: Project) -> None:
    """Train, choose and save the models; delete the checkpoints afterwards."""
    params, schema, estimator = read_params(), project.schema, project.estimator
    rows, validation = read_dataset("train", schema), read_dataset("validation", schema)
    task, identity = schema.target.task, fingerprint(params, estimator)
    checkpoints = Checkpoints(identity, estimator=estimator)
    for note in rehearse(estimator, rows, schema, params):
        print(f"train: {note}")
    settings = params.model_dump(mode="json", exclude_unset=True)
    with tracker.start_run(project.package, settings) as run:
        context = SearchContext(rows, task, params.train, checkpoints, run.progress, estimator)
        baseline = fit_baseline(estimator, rows, task, params.train.seed)
        store.save(MODELS / "baseline.skops", baseline, estimator)
        # check that the metric exists before the search, not after it
        known = measure_model(baseline, validation, schema, params)
        check_own(schema, known)
        metric, y = params.search.choose_by, validation.in_unit(validation.y)
        get_metric(known, metric, "search.choose_by", y)
        results = run_search(context, validation, schema, params)
        best = choose_best(results, params.search.choose_by)
        run.metrics(results[best]["metrics"])
    store.save(MODELS / "candidate.skops", checkpoints.newest_model(best)[1], estimator)
    trials = {"chosen": best, "by": params.search.choose_by, "trials": results}
    write_json(MODELS / "trials.json", trials)
    checkpoints.clear()
