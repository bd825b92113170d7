"""Plots for `dvc plots show`: tables in `reports/plots/`, definitions in `reports/dvc.yaml`."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl
import yaml

from ..files import write_bytes
from ..places import PLOTS
from .scorer import Predictions
from .weighted_metrics import ranking

GRID = np.linspace(0, 1, 101)
BINS = 10
FALSE = "false positive rate"


class Plot(NamedTuple):
    """A table with the columns and the DVC template of its plot."""

    table: pl.DataFrame
    x: str
    y: str | list[str]
    template: str


def write(y: np.ndarray, predictions: Predictions, report: dict[str, Any], metric: str) -> None:
    """Write the tables of all plots, and their definitions for DVC; `y` is as in `measure`."""
    definitions = []
    for name, plot in plots(y, predictions, report, metric).items():
        write_bytes(PLOTS / f"{name}.csv", plot.table.write_csv().encode())
        shown = {"x": plot.x, "y": {f"{PLOTS.name}/{name}.csv": plot.y}, "template": plot.template}
        definitions.append({name: shown | {"title": name}})
    content = yaml.safe_dump({"plots": definitions}, sort_keys=False)
    write_bytes(PLOTS.parent / "dvc.yaml", content.encode())


def plots(
    y: np.ndarray, predictions: Predictions, report: dict[str, Any], metric: str
) -> dict[str, Plot]:
    """Create the plots: ROC and confusion, or residuals; calibration; the metric by slice."""
    if predictions.target.task == "regression":
        drawn = {"residuals": residuals(y, predictions.scores[:, 0])}
    else:
        drawn = {"roc": roc(y, predictions), "confusion": confusion(y, predictions)}
    drawn["calibration"] = calibration(*calibration_pairs(y, predictions))
    by_slice = slices(report, metric)
    return drawn | {"slices": by_slice} if by_slice.table.height else drawn


def roc(y: np.ndarray, predictions: Predictions) -> Plot:
    """Plot the ROC curve of the positive class, or of each class against the rest."""
    classes, scores, columns = predictions.target.values, predictions.scores, {FALSE: GRID}

    def on_grid(false: np.ndarray, true: np.ndarray) -> Any:
        return np.interp(GRID, false / false[-1], true / true[-1])

    for index in [1] if len(classes) == 2 else range(len(classes)):
        curve = ranking(y == index, scores[:, index], on_grid)(np.ones(len(y)))
        columns[f"true positive rate: {classes[index]}"] = np.full(len(GRID), curve)
    return Plot(pl.DataFrame(columns), FALSE, [*columns][1:], "simple")


def confusion(y: np.ndarray, predictions: Predictions) -> Plot:
    """Plot the confusion matrix of actual and predicted classes."""
    actual = np.array(predictions.target.values)[y]
    table = pl.DataFrame({"actual": actual, "predicted": predictions.labels()})
    return Plot(table, "predicted", "actual", "confusion")


def residuals(y: np.ndarray, predicted: np.ndarray) -> Plot:
    """Plot actual minus predicted number for each row."""
    number = predicted.astype(float)
    table = pl.DataFrame({"predicted": number, "actual - predicted": y - number})
    return Plot(table, "predicted", "actual - predicted", "scatter")


def calibration_pairs(y: np.ndarray, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """Return predicted and actual values for the calibration plot.

    Binary: score of the positive class, and 1 or 0. Multiclass: highest score, and whether its
    class is correct. Regression: predicted and actual numbers.
    """
    scores, task = predictions.scores.astype(float), predictions.target.task
    if task == "regression":
        return scores[:, 0], y
    if task == "binary":
        return scores[:, 1], y
    return scores.max(axis=1), scores.argmax(axis=1) == y


def calibration(predicted: np.ndarray, actual: np.ndarray) -> Plot:
    """Plot mean actual against mean predicted values, in quantile bins."""
    bins = np.array_split(np.argsort(predicted, kind="stable"), min(BINS, len(predicted)))
    means = [(predicted[rows].mean(), actual[rows].mean(), len(rows)) for rows in bins]
    table = pl.DataFrame(means, schema=["predicted", "actual", "rows"], orient="row")
    return Plot(table, "predicted", "actual", "scatter")


def slices(report: dict[str, Any], metric: str) -> Plot:
    """Plot a metric of each slice that has enough rows."""
    lines = [
        {"slice": f"{name}: {group}", metric: float(values[metric]), "rows": values["rows"]}
        for name, groups in report["slices"].items()
        for group, values in groups.items()
        if metric in values
    ]
    return Plot(pl.DataFrame(lines), metric, "slice", "bar_horizontal")
