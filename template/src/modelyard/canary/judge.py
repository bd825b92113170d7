"""Comparison of the predictions of a candidate and of the serving model for the same rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..monitoring.drift import chance, psi
from ..params_release import Canary
from .check import Check

BINS = 10
MIN_P95 = 100  # requests from which on p95 is compared instead of the median
LATENCY = "latency"
BLOCK = 10  # consecutive requests that are drawn together
RESAMPLES, ERROR = 1000, 0.05


@dataclass(frozen=True)
class Outputs:
    """Outputs of a model for n rows.

    Attributes:
        scores: float64 [n, k], probabilities or number of each row; NaN without a prediction.
        predicted: bool [n], whether there is a prediction.
        seconds: float64 [requests], latency of each request; empty if it does not matter.
    """

    scores: np.ndarray
    predicted: np.ndarray
    seconds: np.ndarray


def to_outputs(
    predictions: Sequence[Mapping[str, Any] | None], seconds: np.ndarray | None = None
) -> Outputs:
    """Convert the prediction of each row, None for a failure, and the latencies to arrays."""
    found = [[] if one is None else score(one) for one in predictions]
    width = max(map(len, found), default=1) or 1
    filled = [row if len(row) == width else [float("nan")] * width for row in found]
    scores = np.array(filled, np.float64).reshape(-1, width)
    predicted = np.array([one is not None for one in predictions], bool)
    return Outputs(scores, predicted, np.array([]) if seconds is None else seconds)


def score(prediction: Mapping[str, Any]) -> list[float]:
    """Return the scores of a prediction: one per class, of the positive class, or the number."""
    if "scores" in prediction:
        return [as_number(value) for value in prediction["scores"].values()]
    return [as_number(prediction.get("score", prediction.get("prediction")))]


def as_number(value: Any) -> float:
    """Return a number as float; NaN for anything else."""
    return float(value) if isinstance(value, int | float) else float("nan")


def judge(serving: Outputs, candidate: Outputs, limits: Canary) -> list[Check]:
    """Return the checks that compare a candidate with the serving model."""
    both = serving.predicted & candidate.predicted
    then, now = serving.scores[both], candidate.scores[both]
    rows, bad = int(both.sum()), int((~np.isfinite(now)).any(axis=1).sum())
    least, most = limits.min_rows, limits.max_failed_share
    failed = float(1 - candidate.predicted.mean()) if len(candidate.predicted) else 1.0
    checks = [
        Check("rows compared", f"{rows:,}", f"at least {least:,}", rows >= least),
        Check("failed rows", f"{failed:.2%}", f"at most {most:.2%}", failed <= most),
        Check("non-finite scores", f"{bad:,}", "0", bad == 0),
    ]
    if len(candidate.seconds):
        checks.append(latency(serving.seconds, candidate.seconds, limits))
    return [*checks, agreement(then, now, limits), shift(then, now, limits)]


def latency(then: np.ndarray, now: np.ndarray, limits: Canary) -> Check:
    """Check the latency of requests: p95, or the median if there are few.

    Fails only if latency / limit is above 1 with a confidence of 95 %, by a paired bootstrap of
    blocks of requests, as load delays several in a row (D. Politis and J. Romano, 1992).
    """
    share, name = (95, "p95") if len(then) >= MIN_P95 else (50, "median")
    count, draw = len(then), np.random.default_rng(0)
    starts = draw.integers(count, size=(RESAMPLES, -(-count // BLOCK), 1))
    drawn = (starts + np.arange(BLOCK)).reshape(RESAMPLES, -1)[:, :count] % count
    rows = np.vstack([np.arange(count), drawn])
    before, after = np.percentile(np.stack([then, now])[:, rows], share, axis=2) * 1000
    most = np.maximum(before * limits.max_latency_ratio, before + limits.latency_floor_ms)
    low, high = np.quantile((after / most)[1:], (ERROR, 1 - ERROR))
    found = f"{after[0]:.2f} ms, {low:.2f} to {high:.2f} of the limit"
    return Check(f"{name} {LATENCY}", found, f"at most {most[0]:.2f} ms", bool(low <= 1))


def confirm_latency(checks: list[Check], measure: Callable[[], list[Check]]) -> list[Check]:
    """Return the checks; if the latency failed, with the latency of another measurement."""
    if all(check.passed for check in checks if check.name.endswith(LATENCY)):
        return checks
    again = {check.name: check for check in measure() if check.name.endswith(LATENCY)}
    return [again.get(check.name, check) for check in checks]


def agreement(then: np.ndarray, now: np.ndarray, limits: Canary) -> Check:
    """Check the correlation of the scores: two good models agree on most rows."""
    found = min((correlation(*pair) for pair in columns(then, now)), default=float("nan"))
    allowed = f"at least {limits.min_agreement:.2f}"
    return Check("agreement of scores", f"{found:.3f}", allowed, found >= limits.min_agreement)


def columns(then: np.ndarray, now: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return pairs of corresponding columns, restricted to rows with finite scores."""
    whole = np.isfinite(then).all(axis=1) & np.isfinite(now).all(axis=1)
    return list(zip(then[whole].T, now[whole].T, strict=True)) if whole.any() else []


def correlation(then: np.ndarray, now: np.ndarray) -> float:
    """Return Pearson's correlation; 1 for equal scores, 0 if one side is constant."""
    if np.array_equal(then, now):
        return 1.0
    spread = float(then.std() * now.std())
    return float(np.mean((then - then.mean()) * (now - now.mean())) / spread) if spread else 0.0


def shift(then: np.ndarray, now: np.ndarray, limits: Canary) -> Check:
    """Check that the distribution of the scores has not shifted; see `monitoring.drift`."""
    pairs = columns(then, now)
    found = max((score_psi(*pair) for pair in pairs), default=float("inf"))
    rows = len(pairs[0][0]) if pairs else 1
    most = max(limits.max_psi, chance(BINS, rows, rows))
    return Check("shift of scores (PSI)", f"{found:.3f}", f"at most {most:.3f}", found <= most)


def score_psi(then: np.ndarray, now: np.ndarray) -> float:
    """Return the population stability index over the deciles of the serving model's scores."""
    edges = np.unique(np.quantile(then, np.linspace(0, 1, BINS + 1)[1:-1]))
    shares = (
        np.bincount(np.searchsorted(edges, side), minlength=len(edges) + 1) for side in (then, now)
    )
    before, after = (counts / len(then) for counts in shares)
    return psi(before, after)
