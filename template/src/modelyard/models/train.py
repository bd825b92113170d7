"""Stage `train`: fit the baseline, search the candidate's settings, save both models."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sklearn

from ..console import UserError
from ..files import sha256, write_json
from ..params import Params, read_params
from ..places import FEATURES, MODELS
from ..project import Project
from ..schema.contract import Schema, Task
from ..tracking import tracker
from . import store
from .dataset import Dataset, read_dataset
from .gates.fairness import check_measures
from .loss import score
from .metrics import get_metric, improvement, measure
from .rehearsal import rehearse
from .search import Checkpoints, SearchContext, fit_baseline, list_trials, run_trial


def fingerprint(params: Params, estimator: Any) -> str:
    """Hash all inputs that change the trained model: data, settings, code, library version."""
    data = [FEATURES / "train.parquet", FEATURES / "validation.parquet"]
    code = [*sorted(Path(__file__).parent.glob("*.py")), Path(estimator.__file__)]
    settings = params.model_dump_json(include={"train", "search", "decision"})
    text = sklearn.__version__ + settings + "".join(sha256(path) for path in [*data, *code])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def measure_model(model: Any, rows: Dataset, task: Task, params: Params) -> dict[str, float]:
    """Compute the metrics of a scikit-learn model."""
    scores = score(model, rows.X, task)
    return measure(task, rows.y, scores, params.decision.threshold)


def check_names(known: dict[str, float], params: Params, schema: Schema) -> None:
    """Refuse metrics and measures of fairness that the task lacks, before the search, not after."""
    search, gate, monitoring = params.search, params.gate, params.monitoring
    places: dict[str, Iterable[str]] = {
        "search.choose_by": [search.choose_by],
        "gate.floors": gate.floors,
        "gate.over_baseline": gate.over_baseline,
        "gate.slice_floors": gate.slice_floors,
        "monitoring.max_fall": monitoring.max_fall if monitoring else (),
        "monitoring.floors": monitoring.floors if monitoring else (),
    }
    for where, names in places.items():
        for name in names:
            get_metric(known, name, where)
    check_measures(schema.target.task, gate.fairness)
    if schema.target.task == "binary" and "decision" not in params.model_fields_set:
        raise UserError("params.yaml: decision is missing, two classes need decision.threshold")


def run_search(context: SearchContext, validation: Dataset, params: Params) -> list[dict[str, Any]]:
    """Run all unfinished trials; return settings and metrics of each trial."""
    results = []
    for trial, settings in enumerate(list_trials(params.train, params.search)):
        result = context.checkpoints.result(trial)
        if result is None:
            model = run_trial(context, trial, settings)
            result = {
                "settings": settings,
                "metrics": measure_model(model, validation, context.task, params),
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
        known = measure_model(baseline, validation, task, params)
        check_names(known, params, schema)
        results = run_search(context, validation, params)
        best = choose_best(results, params.search.choose_by)
        run.metrics(results[best]["metrics"])
    store.save(MODELS / "candidate.skops", checkpoints.newest_model(best)[1], estimator)
    trials = {"chosen": best, "by": params.search.choose_by, "trials": results}
    write_json(MODELS / "trials.json", trials)
    checkpoints.clear()
