"""How business metrics follow the loss: both are measured on intentionally degraded models."""

from dataclasses import replace
from typing import Any

import numpy as np

from ...loss import mean_loss
from ...metrics import measure_own
from ..check import Check
from .serving_model import Evaluation

SHARES = [number / 10 for number in range(11)]  # of the rows that get the prediction of another row


def measure_degraded(labelled: Evaluation) -> dict[str, Any]:
    """Measure loss and business metrics while more and more predictions are exchanged.

    Returns:
        Name of each metric with a unit to its values, the losses, the shares of exchanged rows,
        and the rank correlation (Spearman) of both; None if it is not defined.
    """
    y, units = labelled.y, {one.name: one.unit for one in labelled.schema.metrics if one.unit}
    random = np.random.default_rng(0)
    order, losses, values = random.permutation(len(y)), [], list[dict[str, float]]()
    for share in SHARES if units else ():
        some, source = order[: round(share * len(y))], np.arange(len(y))
        source[some] = random.permutation(some)
        worse = replace(labelled.predictions, scores=labelled.predictions.scores[source])
        losses.append(round(mean_loss(y, worse.scores, worse.target.task), 6))
        values.append(measure_own(labelled.schema, labelled.rows, y, worse))
    found: dict[str, Any] = {}
    for name, unit in units.items():
        impact = [round(one[name], 6) if name in one else None for one in values]
        both = {"values": impact, "losses": losses, "shares": SHARES}
        found[name] = {"unit": unit, "loss_correlation": spearman(losses, impact)} | both
    return found


def spearman(one: list[float], other: list[Any]) -> float | None:
    """Return the correlation of ranks, of equal numbers their mean rank; None if undefined."""
    if None in other or len({*one}) < 2 or len({*other}) < 2:
        return None
    ranks = list[np.ndarray]()
    for numbers in (one, other):
        _, place, count = np.unique(numbers, return_inverse=True, return_counts=True)
        ranks.append((np.cumsum(count) - (count - 1) / 2)[place])
    matrix: Any = np.corrcoef(ranks)
    return float(matrix[0, 1])


def impact_checks(found: dict[str, Any]) -> list[Check]:
    """Return a line of the report for each business metric; it refuses nothing."""
    checks = []
    for name, one in found.items():
        title = f"impact: {name} ({one['unit']}), correlation with the loss of degraded models"
        known = one["loss_correlation"] is not None
        checks.append(Check(title, "ok" if known else "not comparable", one["loss_correlation"]))
    return checks
