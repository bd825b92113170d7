"""Metrics of the project's own, declared in `schema.py`, and which metrics are errors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from ..console import UserError

LOWER_IS_BETTER = {"log_loss", "brier", "calibration_error", "rmse", "mae", "mape", "rmsle"}
LOWER_IS_BETTER |= {"poisson_deviance", "pinball_10", "pinball_90"}  # a `Metric` adds itself


@dataclass(frozen=True)
class Metric:
    """A metric of the project's own, with the name of its function.

    Args:
        of: a function of arrays [n] of actual and predicted classes, or numbers, and of the rows,
            with the model's `scores` [n, classes] as a further column.
        better: whether higher or lower values are better.
        unit: for a business metric its unit, such as EUR.

    Raises:
        ValueError: `better` is neither.
    """

    of: Callable[..., float]
    better: Literal["higher", "lower"]
    unit: str = ""

    def __post_init__(self) -> None:
        """Validate the direction."""
        if self.better not in ("higher", "lower"):
            found = f"better is {self.better!r}, allowed are higher and lower"
            raise ValueError(f"schema.py: metric {self.name}: {found}")
        LOWER_IS_BETTER.update([self.name] if self.better == "lower" else [])

    @property
    def name(self) -> str:
        """The name in reports and in `params.yaml`."""
        return self.of.__name__

    def compute(self, *arguments: Any) -> float:
        """Compute the metric of target, prediction and rows; not finite if it is not defined.

        Raises:
            UserError: the function fails, or does not return a number.
        """
        try:
            return float(self.of(*arguments))
        except Exception as failure:  # of the user's code
            why = f"{type(failure).__name__}: {failure}"
            raise UserError(f"{self} fails for {len(arguments[0]):,} rows: {why}") from None

    def __str__(self) -> str:
        """Return file and function, for messages."""
        return f"{self.of.__module__.partition('.')[2].replace('.', '/')}.py: {self.name}"
