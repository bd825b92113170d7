"""Metrics of the project's own, declared in `schema.py`, and which metrics are errors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..console import UserError
from .columns import Rows

LOWER_IS_BETTER = {"log_loss", "brier", "calibration_error", "rmse", "mae"}
LOWER_IS_BETTER |= {"mape", "rmsle", "poisson_deviance", "pinball_10", "pinball_90"}
BUILT_IN = LOWER_IS_BETTER | {"roc_auc", "average_precision", "accuracy", "precision", "recall"}
BUILT_IN |= {"f1", "f1_macro", "r2"}


@dataclass(frozen=True)
class Metric:
    """A metric of the project's own: a function of target, prediction and rows.

    Args:
        of: the function; its name is the metric's. It gets arrays [n] of actual and predicted
            classes, or numbers, and the rows, in which `scores` [n, classes] are added.
        better: whether higher or lower values are better.
        unit: for a business metric its unit, such as EUR.

    Raises:
        ValueError: an argument is invalid.
    """

    of: Callable[[np.ndarray, np.ndarray, Rows], float]
    better: Literal["higher", "lower"]
    unit: str = ""

    def __post_init__(self) -> None:
        """Validate the arguments; errors are known by their name from here on."""
        if not self.name.isidentifier() or self.name in BUILT_IN:
            raise ValueError(
                f"schema.py: a metric is {self.name or self.of!r}, allowed is a function with a "
                "name that no metric of the tasks has"
            )
        if self.better not in ("higher", "lower"):
            found = f"{self.name}: better is {self.better!r}"
            raise ValueError(f"schema.py: metric {found}, allowed are higher and lower")
        if self.better == "lower":
            LOWER_IS_BETTER.add(self.name)

    @property
    def name(self) -> str:
        """The name in reports and in `params.yaml`."""
        return str(getattr(self.of, "__name__", ""))

    @property
    def place(self) -> str:
        """File and function, for error messages."""
        return f"{self.of.__module__.partition('.')[2].replace('.', '/')}.py: {self.name}"

    def compute(self, target: np.ndarray, prediction: np.ndarray, rows: Rows) -> float:
        """Compute the metric; NaN and infinity mean that it is undefined for these rows.

        Raises:
            UserError: the function fails, or does not return a number.
        """
        try:
            return float(self.of(target, prediction, rows))
        except Exception as failure:  # code of the user
            why = f"{type(failure).__name__}: {failure}"
            raise UserError(f"{self.place} fails for {len(target):,} rows: {why}") from None
