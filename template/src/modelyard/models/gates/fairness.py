"""How differently a model treats the groups that `schema.py` declares as protected.

The measures are those of fairlearn, under its names, without the 50 MB that it brings along; the
template's own tests compare both.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ...console import UserError
from ...gate_params import Fairness
from ..scorer import Predictions
from .check import Check
from .floors import too_small


class Rates(NamedTuple):
    """Of each group, for one class: the rows, and how often a row is said to be of the class.

    `selected` counts among all rows, `hit` among those that are of the class, `false` among those
    that are not; `rows`, `yes` and `no` say how many those are.
    """

    rows: np.ndarray
    yes: np.ndarray
    no: np.ndarray
    selected: np.ndarray
    hit: np.ndarray
    false: np.ndarray


def rates(groups: np.ndarray, actual: np.ndarray, said: np.ndarray) -> Rates:
    """Count, group by group in their order, for one class.

    Args:
        groups: each row's group.
        actual: which rows are of the class.
        said: which rows are said to be.
    """
    place = np.unique(groups, return_inverse=True)[1]
    rows, yes = np.bincount(place), np.bincount(place, actual)
    hits, said_yes = np.bincount(place, actual & said), np.bincount(place, said)
    no = rows - yes
    with np.errstate(invalid="ignore", divide="ignore"):
        return Rates(rows, yes, no, said_yes / rows, hits / yes, (said_yes - hits) / no)


def spread(values: np.ndarray) -> float:
    """Give the greatest difference of two groups."""
    return float(values.max() - values.min())


def demographic_parity_difference(told: Rates) -> float:
    """Give the greatest difference in how often two groups are selected."""
    return spread(told.selected)


def demographic_parity_ratio(told: Rates) -> float:
    """Divide the least selected group's rate by the most selected one's; 1 if none is."""
    most = told.selected.max()
    return float(told.selected.min() / most) if most else 1.0


def equalized_odds_difference(told: Rates) -> float:
    """Give the greatest difference of two groups in hits, or in false alarms if that is more."""
    return max(spread(told.hit), spread(told.false))


def error_ratio(groups: np.ndarray, y: np.ndarray, predicted: np.ndarray) -> float:
    """Divide the mean absolute error of the worst served group by that of the best served one."""
    place = np.unique(groups, return_inverse=True)[1]
    errors = np.bincount(place, np.abs(y - predicted)) / np.bincount(place)
    return float(errors.max() / errors.min()) if errors.min() else np.inf if errors.max() else 1.0


OF_CLASSES: dict[str, Callable[[Rates], float]] = {
    "demographic_parity_difference": demographic_parity_difference,
    "demographic_parity_ratio": demographic_parity_ratio,
    "equalized_odds_difference": equalized_odds_difference,
}
REGRESSION = "error_ratio"
LEAST = ("demographic_parity_ratio",)  # of these the limit is the least value


def fair(
    y: np.ndarray, groups: dict[str, np.ndarray], said: Predictions, asked: Fairness
) -> list[Check]:
    """Ask each protected slicing for each measure; a group too small for one is no pass.

    Args:
        y: as in `metrics.measure`.
        groups: each row's group, by protected slicing.
        said: predictions of the same rows.
        asked: the section `gate.fairness` of `params.yaml`.

    Raises:
        UserError: there is no such measure for this task.
    """
    allowed = [REGRESSION] if said.target.task == "regression" else list(OF_CLASSES)
    for name in asked.limits:
        if name not in allowed:
            known = ", ".join(allowed)
            raise UserError(
                f"params.yaml: gate.fairness.limits names {name!r}, allowed are {known}"
            )
    checks = []
    for part, own in groups.items():
        for name, limit in asked.limits.items():
            title = f"{part}: fairness: {name}"
            small = too_few(name, y, own, said, asked.min_group_rows)
            if small:
                checks.append(too_small(title, small, asked.min_group_rows, demanded=True))
            else:
                checks.append(verdict(title, name, measure(name, y, own, said), limit))
    return checks


def verdict(title: str, name: str, value: float, limit: float) -> Check:
    """Judge a measure by its limit: of a ratio of rates the least value, else the greatest."""
    return Check.of(title, value, limit, value >= limit if name in LEAST else value <= limit)


def measure(name: str, y: np.ndarray, groups: np.ndarray, said: Predictions) -> float:
    """Give a measure for one slicing; of several classes, that of the class treated worst."""
    if name == REGRESSION:
        return error_ratio(groups, y, said.scores[:, 0])
    values = [OF_CLASSES[name](told) for told in each_class(y, groups, said)]
    return min(values) if name in LEAST else max(values)


def each_class(y: np.ndarray, groups: np.ndarray, said: Predictions) -> list[Rates]:
    """Count for the positive one of two classes, or for each of more."""
    classes = range(len(said.target.values)) if said.target.task == "multiclass" else [1]
    return [rates(groups, y == place, said.places() == place) for place in classes]


def too_few(
    name: str, y: np.ndarray, groups: np.ndarray, said: Predictions, least: int
) -> list[str]:
    """Name the groups of which a rate would rest on fewer rows."""
    names, sizes = np.unique(groups, return_counts=True)
    if name == "equalized_odds_difference":
        told = each_class(y, groups, said)
        sizes = np.min([one for counts in told for one in (counts.yes, counts.no)], axis=0)
    return [group or "missing" for group in names[sizes < least].tolist()]
