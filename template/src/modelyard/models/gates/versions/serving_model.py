"""The candidate against the model in service, on the same rows: no sudden drop may pass."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ....console import UserError
from ....files import read_json, sha256
from ....project import Project
from ...metrics import better_by
from ...scorer import Predictions, Scorer
from ..check import Check
from ..floors import too_small
from .params import Serving
from .resampled_metrics import counted

REMEDY = "uv run dvc checkout --force brings it back"
NONE = "no other model is in service"


class Judged(NamedTuple):
    """Labelled rows and what a model says of them."""

    y: np.ndarray
    groups: dict[str, np.ndarray]
    said: Predictions


def read_served(folder: Path) -> dict[str, Any] | None:
    """Read what is known of the model in service; None if there is none.

    Raises:
        UserError: its files are not those that the gate has written.
    """
    model, about = folder / "model.onnx", folder / "model.json"
    if not model.exists() and not about.exists():
        return None
    served: dict[str, Any] = read_json(about, REMEDY)
    if not model.exists() or sha256(model) != served["sha256"]:
        raise UserError(f"{model} is not the model of {about}; {REMEDY}")
    return served


def why_not(served: dict[str, Any] | None, candidate: dict[str, Any]) -> str:
    """Say why the model in service cannot be compared with the candidate; "" if it can be."""
    if served is None or served["sha256"] == candidate["sha256"]:
        return NONE
    changed = {"schema_hash": "schema.py", "code_hash": "features/build.py"}
    for name, file in changed.items():
        if served[name] != candidate[name]:
            return f"{file} changed since model {served['version']} was trained"
    return ""


def load_served(folder: Path, served: dict[str, Any], project: Project) -> Scorer:
    """Load the model in service with the threshold that it is served with."""
    content = (folder / "model.onnx").read_bytes()
    target, threshold = project.schema.target, served["threshold"]
    return Scorer(content, served["features"], target, threshold, project.build)


def compare(
    candidate: Judged, served: Predictions, metric: str, asked: Serving, min_slice_rows: int
) -> list[Check]:
    """Ask for a gain whose interval, overall and slice by slice, does not lie below a tolerance.

    The slices share the interval's error, so that many of them veto by chance no more than one.

    Args:
        candidate: labelled rows, their groups by slicing, and what the candidate says.
        served: what the model in service says of the same rows.
        metric: by which both are measured.
        asked: the section `gate.serving` of `params.yaml`.
        min_slice_rows: a slice with fewer rows is not compared.
    """
    every, error = np.ones(len(candidate.y), bool), (1 - asked.confidence) / 2
    best = best_case(candidate, served, every, metric, asked.resamples, 1 - error)
    checks = [verdict(f"serving: {metric}", best, -asked.tolerance)]
    parts = list(slices(candidate, min_slice_rows))
    for name, rows in parts:
        best = best_case(
            candidate, served, rows, metric, asked.resamples, 1 - error / max(1, len(parts))
        )
        checks.append(verdict(f"{name}: serving: {metric}", best, -asked.slice_tolerance))
    return checks + small_slices(candidate, min_slice_rows)


def verdict(name: str, best: float, limit: float) -> Check:
    """Judge the upper end of a gain's interval; NaN where the resamples lack a class."""
    if np.isnan(best):
        return Check(name, "insufficient data", note="too few rows of a class", demanded=False)
    return Check.of(f"{name}, gain at best", best, limit, best >= limit)


def best_case(
    candidate: Judged,
    served: Predictions,
    rows: np.ndarray,
    metric: str,
    resamples: int,
    confidence: float,
) -> float:
    """Give the upper end of the interval of the gain, by a paired bootstrap of some rows."""
    task, y = served.target.task, candidate.y[rows]
    new, old = (
        counted(task, y, one.scores[rows], one.threshold)[metric]
        for one in (candidate.said, served)
    )
    gains = [better_by(metric, new(counts), old(counts)) for counts in draws(len(y), resamples)]
    known = np.array(gains)[~np.isnan(gains)]
    return float(np.quantile(known, confidence)) if len(known) * 2 > resamples else np.nan


def draws(rows: int, resamples: int) -> Iterator[np.ndarray]:
    """Draw rows with replacement, again and again, the same on each run: how often each came."""
    random = np.random.default_rng(0)
    for _ in range(resamples):
        yield np.bincount(random.integers(rows, size=rows), minlength=rows)


def slices(judged: Judged, least: int) -> Iterator[tuple[str, np.ndarray]]:
    """Give the rows of each group with at least so many of them."""
    for part, groups in judged.groups.items():
        for group in sorted(set(groups.tolist())):
            rows = groups == group
            if rows.sum() >= least:
                yield f"{part} {group or 'missing'}", rows


def small_slices(judged: Judged, least: int) -> list[Check]:
    """Name the groups with fewer rows."""
    checks = []
    for part, groups in judged.groups.items():
        names, sizes = np.unique(groups, return_counts=True)
        small = [name or "missing" for name in names[sizes < least].tolist()]
        checks += [too_small(f"{part}: serving", small, least)] if small else []
    return checks
