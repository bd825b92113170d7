"""Write the task's part of `params.yaml`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .code import MARK
from .plan import Plan
from .yaml_values import replace_values

FEW_ROWS = 5000  # below, larger shares are for validation and test, and the models are smaller
NOTE = f"""\
# {MARK} `gate` requires little more than chance. Set what a prediction needs to be of use, before
# you look at the results on the test rows; and decision.threshold by what each error costs.
"""


@dataclass(frozen=True)
class Facts:
    """What the settings depend on.

    Args:
        plan: the decisions.
        features: number of features.
        as_of: the day after the newest row, or today.
        labelled: rows with a target.
        spread: standard deviation of a numeric target, 0 for classes.
        usual: the most frequent class, or the median of the numbers.
        constant_loss: log loss of the shares of the classes.
    """

    plan: Plan
    features: int
    as_of: date
    labelled: int
    spread: float
    usual: Any
    constant_loss: float


def write_params(text: str, facts: Facts) -> str:
    """Return `params.yaml` with the settings for a task; the rest is unchanged."""
    values = {**_common(facts), **_metrics(facts)}
    if facts.labelled < FEW_ROWS:
        values |= _few_rows(facts)
    changed = replace_values(text, {tuple(path.split(".")): one for path, one in values.items()})
    head, blank, rest = changed.partition("\n\n")
    return f"{head}\n{NOTE}{blank[1:]}{rest}"


def _common(facts: Facts) -> dict[str, Any]:
    """Return the settings that depend on the number of rows, features and classes."""
    classes = max(1, len(facts.plan.target.values) - 1)
    size = max(1, classes // 2, facts.features // 40)
    test = facts.labelled * (0.2 if facts.labelled < FEW_ROWS else 0.125)
    return {
        "data.as_of": facts.as_of.isoformat(),
        "decision.threshold": 0.5,
        "gate.slice_floors": {},
        "gate.fairness.limits": {},
        "gate.min_slice_rows": min(200, max(10, int(test / 5))),
        "gate.budget.bytes": 1_000_000 * classes,
        "gate.budget.row": 1.0 * size,
        "gate.budget.thousand_rows": 20.0 * size,
        "gate.history.min_rows": min(200, max(5, int(test / 2))),
        "edge.fallback": facts.usual,
    }


def _metrics(facts: Facts) -> dict[str, Any]:
    """Return the settings that name metrics: limits just above those of a constant."""
    if facts.plan.target.task == "regression":
        return _regression_metrics(_rounded(facts.spread))
    floor = round(facts.constant_loss, 4)
    tolerances = {
        "gate.serving.tolerance": 0.05,
        "gate.serving.slice_tolerance": 0.1,
        "gate.history.tolerance": 0.1,
        "gate.history.first_tolerance": 0.2,
    }
    return tolerances | {
        "search.choose_by": "log_loss",
        "gate.floors": {"log_loss": floor},
        "gate.over_baseline": {"log_loss": round(-0.5 * floor, 4)},
        "monitoring.max_fall": {"log_loss": 0.2},
        "monitoring.floors": {"log_loss": round(1.5 * floor, 4)},
    }


def _regression_metrics(part: Callable[[float], float]) -> dict[str, Any]:
    """Return the settings that name metrics, with limits in shares of the target's spread."""
    return {
        "search.choose_by": "rmse",
        "gate.floors": {"r2": 0.0},
        "gate.over_baseline": {"rmse": -part(0.2)},
        "gate.serving.tolerance": part(0.02),
        "gate.serving.slice_tolerance": part(0.05),
        "gate.history.tolerance": part(0.05),
        "gate.history.first_tolerance": part(0.1),
        "monitoring.max_fall": {"rmse": part(0.2)},
        "monitoring.floors": {"rmse": part(1.5)},
    }


def _rounded(unit: float) -> Any:
    """Return a function from a share of a unit to a number of two significant digits."""
    return lambda share: float(f"{share * unit:.2g}")


def _few_rows(facts: Facts) -> dict[str, Any]:
    """Return larger shares for validation and test, and smaller models."""
    least = max(3, min(40, facts.labelled // 50))
    settings = {"learning_rate": 0.05, "max_leaf_nodes": 4, "min_samples_leaf": least}
    space = {
        "learning_rate": [0.03, 0.05, 0.1],
        "max_leaf_nodes": [3, 4, 7],
        "min_samples_leaf": [least, 2 * least],
    }
    return {
        "split.validation": 0.2,
        "split.test": 0.2,
        "split.frozen": 1.0,
        "features.bins": 5,
        "train.candidate": settings,
        "search.space": space,
    }
