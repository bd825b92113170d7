"""Check against a sudden drop: compare the candidate with the serving model on the test set."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ....console import UserError
from ....features.source import same_code
from ....files import read_json, sha256
from ....params_sections import Serving
from ....project import Project
from ...metrics import improvement
from ...model_info import check_version
from ...scorer import Predictions, Scorer
from ...weighted_metrics import metrics
from ..check import Check
from ..floors import too_few_rows

REMEDY = "uv run dvc checkout --force restores it"
NO_OTHER_MODEL = "there is no other serving model"


class Evaluation(NamedTuple):
    """Labels, groups and predictions of the same rows."""

    y: np.ndarray
    groups: dict[str, np.ndarray]
    predictions: Predictions


def read_serving_model(folder: Path) -> dict[str, Any] | None:
    """Read the metadata of the serving model; None if there is no model.

    Raises:
        UserError: its files are not those that the gate wrote.
    """
    model, metadata = folder / "model.onnx", folder / "model.json"
    if not model.exists() and not metadata.exists():
        return None
    served: dict[str, Any] = read_json(metadata, REMEDY)
    if not model.exists() or sha256(model) != served["sha256"]:
        raise UserError(f"{model} is not the model of {metadata}; {REMEDY}")
    check_version(served, metadata, REMEDY)
    return served


def incomparable_reason(served: dict[str, Any] | None, candidate: dict[str, Any]) -> str:
    """Return why serving model and candidate cannot be compared; "" if they can."""
    if served is None or served["version"] == candidate["version"]:
        return NO_OTHER_MODEL
    since = f"changed since model {served['version']} was trained"
    if served["schema_hash"] != candidate["schema_hash"]:
        return f"schema.py {since}"
    same = same_code(served["code_hash"], candidate["code_hash"])
    return "" if same else f"features/build.py, or a module that it imports, {since}"


def load_serving_model(folder: Path, served: dict[str, Any], project: Project) -> Scorer:
    """Load the serving model with its own threshold."""
    content = (folder / "model.onnx").read_bytes()
    target, threshold = project.schema.target, served["threshold"]
    return Scorer(content, served["features"], target, threshold, project.build)


def compare(
    candidate: Evaluation, served: Predictions, metric: str, params: Serving, min_slice_rows: int
) -> list[Check]:
    """Check that the gain's confidence interval is not below a tolerance, overall and by slice.

    Slices share the error probability (Bonferroni): many refuse by chance as rarely as one.
    """
    every, error = np.ones(len(candidate.y), bool), (1 - params.confidence) / 2
    upper = upper_gain(candidate, served, every, metric, params.resamples, 1 - error)
    checks = [gain_check(f"serving: {metric}", upper, -params.tolerance)]
    by_slice = list(slices(candidate, min_slice_rows))
    for name, rows in by_slice:
        confidence = 1 - error / max(1, len(by_slice))
        upper = upper_gain(candidate, served, rows, metric, params.resamples, confidence)
        checks.append(gain_check(f"{name}: serving: {metric}", upper, -params.slice_tolerance))
    return checks + small_slices(candidate, min_slice_rows)


def gain_check(name: str, upper: float, limit: float) -> Check:
    """Return the check of a gain's upper bound; NaN means that the samples lack a class."""
    if np.isnan(upper):
        return Check(name, "insufficient data", note="too few rows of a class", required=False)
    return Check.of(f"{name}, upper bound of the gain", upper, limit, upper >= limit)


def upper_gain(
    candidate: Evaluation,
    served: Predictions,
    rows: np.ndarray,
    metric: str,
    resamples: int,
    confidence: float,
) -> float:
    """Return the upper bound of the gain on some rows, by a paired bootstrap."""
    task, y = served.target.task, candidate.y[rows]
    new, old = (
        metrics(task, y, one.scores[rows], one.threshold)[metric]
        for one in (candidate.predictions, served)
    )
    samples = bootstrap(len(y), resamples)
    gains = [improvement(metric, new(counts), old(counts)) for counts in samples]
    known = np.array(gains)[~np.isnan(gains)]
    return float(np.quantile(known, confidence)) if len(known) * 2 > resamples else np.nan


def bootstrap(rows: int, resamples: int) -> Iterator[np.ndarray]:
    """Yield the draw count of each row for each bootstrap sample, the same on each run."""
    random = np.random.default_rng(0)
    for _ in range(resamples):
        yield np.bincount(random.integers(rows, size=rows), minlength=rows)


def slices(labelled: Evaluation, least: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and row mask of each group with at least `least` rows."""
    for slice_name, groups in labelled.groups.items():
        for group in sorted(set(groups.tolist())):
            rows = groups == group
            if rows.sum() >= least:
                yield f"{slice_name} {group or 'missing'}", rows


def small_slices(labelled: Evaluation, least: int) -> list[Check]:
    """Return the checks of the slices with groups of fewer than `least` rows."""
    checks = []
    for slice_name, groups in labelled.groups.items():
        names, sizes = np.unique(groups, return_counts=True)
        small = [name or "missing" for name in names[sizes < least].tolist()]
        checks += [too_few_rows(f"{slice_name}: serving", small, least)] if small else []
    return checks
