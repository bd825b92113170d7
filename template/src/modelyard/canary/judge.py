"""Is a candidate as good a servant as the model in service? Both answered the same rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..monitoring.drift import chance, psi
from .check import Check
from .params import Canary

BINS = 10
MANY = 100  # answers from which on the slowest twentieth says something


@dataclass(frozen=True)
class Answers:
    """What a model answered to n rows.

    Attributes:
        scores: float64 [n, k], a row's probabilities or its number; NaN where none came.
        answered: bool [n], whether an answer came at all.
        seconds: float64 [requests], how long each took; empty if nobody waits for them.
    """

    scores: np.ndarray
    answered: np.ndarray
    seconds: np.ndarray


def as_scores(
    predictions: Sequence[Mapping[str, Any] | None], seconds: np.ndarray | None = None
) -> Answers:
    """Read what was predicted for each row; None is no answer.

    Args:
        predictions: as the targets give them.
        seconds: how long each request took.
    """
    found = [[] if one is None else score(one) for one in predictions]
    width = max(map(len, found), default=1) or 1
    filled = [row if len(row) == width else [float("nan")] * width for row in found]
    scores = np.array(filled, np.float64).reshape(-1, width)
    answered = np.array([one is not None for one in predictions], bool)
    return Answers(scores, answered, np.array([]) if seconds is None else seconds)


def score(prediction: Mapping[str, Any]) -> list[float]:
    """Give what a prediction says in numbers: scores by class, a score, or the number itself."""
    if "scores" in prediction:
        return [as_number(value) for value in prediction["scores"].values()]
    return [as_number(prediction.get("score", prediction.get("prediction")))]


def as_number(value: Any) -> float:
    """Give a number; NaN for what is none."""
    return float(value) if isinstance(value, int | float) else float("nan")


def judged(serving: Answers, candidate: Answers, limits: Canary) -> list[Check]:
    """Compare a candidate's answers with those of the model in service."""
    both = serving.answered & candidate.answered
    then, now = serving.scores[both], candidate.scores[both]
    checks = [enough(int(both.sum()), limits), failures(candidate, limits), finite(now)]
    if len(candidate.seconds):
        checks.append(latency(serving.seconds, candidate.seconds, limits))
    return [*checks, agreement(then, now, limits), shift(then, now, limits)]


def enough(rows: int, limits: Canary) -> Check:
    """Ask whether enough rows were answered by both to say anything."""
    least = limits.min_rows
    return Check("rows compared", f"{rows:,}", f"at least {least:,}", rows >= least)


def failures(candidate: Answers, limits: Canary) -> Check:
    """Ask which share of the rows got no answer."""
    share = float(1 - candidate.answered.mean()) if len(candidate.answered) else 1.0
    allowed = f"at most {limits.max_failed_share:.2%}"
    return Check("rows not answered", f"{share:.2%}", allowed, share <= limits.max_failed_share)


def finite(scores: np.ndarray) -> Check:
    """Ask for scores that are numbers."""
    bad = int((~np.isfinite(scores)).any(axis=1).sum())
    return Check("scores that are no number", f"{bad:,}", "0", bad == 0)


def latency(then: np.ndarray, now: np.ndarray, limits: Canary) -> Check:
    """Ask whether requests are answered about as soon as before: p95, of few ones the median."""
    share, name = (95, "p95") if min(len(then), len(now)) >= MANY else (50, "median")
    before, after = (float(np.percentile(side, share)) * 1000 for side in (then, now))
    most = max(before * limits.max_latency_ratio, before + limits.latency_floor_ms)
    passed = after <= most
    return Check(f"{name} of a request", f"{after:.2f} ms", f"at most {most:.2f} ms", passed)


def agreement(then: np.ndarray, now: np.ndarray, limits: Canary) -> Check:
    """Ask for a correlation: two good models of one thing say much the same of a row."""
    found = min((correlation(*pair) for pair in columns(then, now)), default=float("nan"))
    allowed = f"at least {limits.min_agreement:.2f}"
    return Check("agreement of scores", f"{found:.3f}", allowed, found >= limits.min_agreement)


def columns(then: np.ndarray, now: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pair the columns of two sets of scores, over the rows where all are numbers."""
    whole = np.isfinite(then).all(axis=1) & np.isfinite(now).all(axis=1)
    return list(zip(then[whole].T, now[whole].T, strict=True)) if whole.any() else []


def correlation(then: np.ndarray, now: np.ndarray) -> float:
    """Give Pearson's correlation; 1 for equal scores, 0 if only one of them never changes."""
    if np.array_equal(then, now):
        return 1.0
    spread = float(then.std() * now.std())
    return float(np.mean((then - then.mean()) * (now - now.mean())) / spread) if spread else 0.0


def shift(then: np.ndarray, now: np.ndarray, limits: Canary) -> Check:
    """Ask whether the scores as a whole lie where they lay; see `monitoring.drift`."""
    pairs = columns(then, now)
    found = max((index(*pair) for pair in pairs), default=float("inf"))
    rows = len(pairs[0][0]) if pairs else 1
    most = max(limits.max_psi, chance(BINS, rows, rows))
    return Check("shift of scores (PSI)", f"{found:.3f}", f"at most {most:.3f}", found <= most)


def index(then: np.ndarray, now: np.ndarray) -> float:
    """Give the population stability index over the tenths of the scores in service."""
    edges = np.unique(np.quantile(then, np.linspace(0, 1, BINS + 1)[1:-1]))
    shares = (
        np.bincount(np.searchsorted(edges, side), minlength=len(edges) + 1) for side in (then, now)
    )
    before, after = (counts / len(then) for counts in shares)
    return psi(before, after)
