"""Checks of fairness between the groups of protected slices.

The measures have the names and values of fairlearn, which is no dependency, as it adds 50 MB; the
tests of the template compare both.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ...console import UserError
from ...params_sections import Fairness
from ...schema.contract import Task
from ..scorer import Predictions
from .check import Check
from .floors import too_few_rows


class Rates(NamedTuple):
    """Counts and rates of each group for one class.

    `selection_rate` is the share of rows that are predicted as the class; `rows`, `positives` and
    `negatives` are the denominators of the three rates.
    """

    rows: np.ndarray
    positives: np.ndarray
    negatives: np.ndarray
    selection_rate: np.ndarray
    true_positive_rate: np.ndarray
    false_positive_rate: np.ndarray


def group_rates(groups: np.ndarray, actual: np.ndarray, predicted: np.ndarray) -> Rates:
    """Compute the rates of each group, in sorted order, for one class."""
    group = np.unique(groups, return_inverse=True)[1]
    rows, yes = np.bincount(group), np.bincount(group, actual)
    hits, selected = np.bincount(group, actual & predicted), np.bincount(group, predicted)
    no = rows - yes
    with np.errstate(invalid="ignore", divide="ignore"):
        return Rates(rows, yes, no, selected / rows, hits / yes, (selected - hits) / no)


def spread(values: np.ndarray) -> float:
    """Return the largest difference between two groups."""
    return float(values.max() - values.min())


def demographic_parity_difference(rates: Rates) -> float:
    """Return the largest difference of selection rates between two groups."""
    return spread(rates.selection_rate)


def demographic_parity_ratio(rates: Rates) -> float:
    """Return the lowest selection rate divided by the highest; 1 if both are 0."""
    highest = rates.selection_rate.max()
    return float(rates.selection_rate.min() / highest) if highest else 1.0


def equalized_odds_difference(rates: Rates) -> float:
    """Return the largest difference of true, or of false positive rates, whichever is larger."""
    return max(spread(rates.true_positive_rate), spread(rates.false_positive_rate))


def error_ratio(groups: np.ndarray, y: np.ndarray, predicted: np.ndarray) -> float:
    """Return the highest mean absolute error of a group divided by the lowest."""
    group = np.unique(groups, return_inverse=True)[1]
    errors = np.bincount(group, np.abs(y - predicted)) / np.bincount(group)
    return float(errors.max() / errors.min()) if errors.min() else np.inf if errors.max() else 1.0


MEASURES: dict[str, Callable[[Rates], float]] = {
    "demographic_parity_difference": demographic_parity_difference,
    "demographic_parity_ratio": demographic_parity_ratio,
    "equalized_odds_difference": equalized_odds_difference,
}
ERROR_RATIO = "error_ratio"
AT_LEAST = ("demographic_parity_ratio",)  # measures whose limit is a minimum


def check_measures(task: Task, params: Fairness) -> None:
    """Refuse measures that do not exist for the task."""
    allowed = [ERROR_RATIO] if task == "regression" else list(MEASURES)
    for name in params.limits:
        if name not in allowed:
            known = ", ".join(allowed)
            raise UserError(
                f"params.yaml: gate.fairness.limits names {name!r}, allowed are {known}"
            )


def fairness_checks(
    y: np.ndarray, groups: dict[str, np.ndarray], predictions: Predictions, params: Fairness
) -> list[Check]:
    """Return a check of each measure for each protected slice; too small groups do not pass.

    Raises:
        UserError: a measure does not exist for the task.
    """
    check_measures(predictions.target.task, params)
    checks = []
    for slice_name, own in groups.items():
        for name, limit in params.limits.items():
            title = f"{slice_name}: fairness: {name}"
            small = small_groups(name, y, own, predictions, params.min_group_rows)
            if small:
                checks.append(too_few_rows(title, small, params.min_group_rows, required=True))
            else:
                checks.append(within(title, name, measure(name, y, own, predictions), limit))
    return checks


def within(title: str, name: str, value: float, limit: float) -> Check:
    """Return the check of a measure against its limit."""
    return Check.of(title, value, limit, value >= limit if name in AT_LEAST else value <= limit)


def measure(name: str, y: np.ndarray, groups: np.ndarray, predictions: Predictions) -> float:
    """Return a measure for one slice; for several classes the worst value."""
    if name == ERROR_RATIO:
        return error_ratio(groups, y, predictions.scores[:, 0])
    values = [MEASURES[name](rates) for rates in class_rates(y, groups, predictions)]
    return min(values) if name in AT_LEAST else max(values)


def class_rates(y: np.ndarray, groups: np.ndarray, predictions: Predictions) -> list[Rates]:
    """Return the rates of the positive class of two, or of each class of more."""
    target, predicted = predictions.target, predictions.class_indices()
    classes = range(len(target.values)) if target.task == "multiclass" else [1]
    return [group_rates(groups, y == index, predicted == index) for index in classes]


def small_groups(
    name: str, y: np.ndarray, groups: np.ndarray, predictions: Predictions, least: int
) -> list[str]:
    """List the groups for which a rate would be computed from fewer than `least` rows."""
    names, sizes = np.unique(groups, return_counts=True)
    if name == "equalized_odds_difference":
        rates = class_rates(y, groups, predictions)
        sizes = np.min([size for one in rates for size in (one.positives, one.negatives)], axis=0)
    return [group or "missing" for group in names[sizes < least].tolist()]
