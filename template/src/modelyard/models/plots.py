"""What `dvc plots show` draws: tables in `reports/plots/`, and in `reports/dvc.yaml` how."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl
import yaml
from sklearn.metrics import roc_curve

from ..files import write_bytes
from ..places import PLOTS
from .scorer import Predictions

GRID = np.linspace(0, 1, 101)
BINS = 10


class Plot(NamedTuple):
    """A table, and which of its columns DVC draws by which of its templates."""

    table: pl.DataFrame
    x: str
    y: str | list[str]
    template: str


def write(y: np.ndarray, predictions: Predictions, report: dict[str, Any], metric: str) -> None:
    """Write a table for each plot that the task has, then say to DVC how to draw them.

    Args:
        y: classes as their places among the classes, or numbers; shape [n].
        predictions: those of the same rows.
        report: what `evaluate.report` gives for them.
        metric: the one that is drawn slice by slice.
    """
    drawn = plots(y, predictions, report, metric)
    for name, plot in drawn.items():
        write_bytes(PLOTS / f"{name}.csv", plot.table.write_csv().encode())
    told = {"plots": [{name: how(name, plot)} for name, plot in drawn.items()]}
    write_bytes(PLOTS.parent / "dvc.yaml", yaml.safe_dump(told, sort_keys=False).encode())


def how(name: str, plot: Plot) -> dict[str, Any]:
    """Describe a plot as `dvc.yaml` does; its path is relative to that file."""
    path = f"{PLOTS.name}/{name}.csv"
    return {"x": plot.x, "y": {path: plot.y}, "template": plot.template, "title": name}


def plots(
    y: np.ndarray, predictions: Predictions, report: dict[str, Any], metric: str
) -> dict[str, Plot]:
    """Make the plots: for classes ROC and confusion, for numbers residuals; calibration, slices."""
    if predictions.target.task == "regression":
        drawn = {"residuals": residuals(y, predictions.scores[:, 0])}
    else:
        drawn = {"roc": roc(y, predictions), "confusion": confusion(y, predictions)}
    drawn["calibration"] = calibration(*judged(y, predictions))
    measured = slices(report, metric)
    return drawn | {"slices": measured} if measured.table.height else drawn


def roc(y: np.ndarray, predictions: Predictions) -> Plot:
    """Draw the true positive rate of the positive class, or of each class against the others."""
    classes, scores = predictions.target.values, predictions.scores
    columns = {"false positive rate": GRID}
    for place in [1] if len(classes) == 2 else range(len(classes)):
        fpr, tpr, _ = roc_curve(y == place, scores[:, place])
        columns[f"true positive rate: {classes[place]}"] = np.interp(GRID, fpr, tpr)
    table = pl.DataFrame(columns)
    return Plot(table, table.columns[0], table.columns[1:], "simple")


def confusion(y: np.ndarray, predictions: Predictions) -> Plot:
    """Count each pair of actual and predicted class."""
    actual = np.array(predictions.target.values)[y]
    table = pl.DataFrame({"actual": actual, "predicted": predictions.labels()})
    return Plot(table, "predicted", "actual", "confusion")


def residuals(y: np.ndarray, predicted: np.ndarray) -> Plot:
    """Draw by how much the actual number exceeds the predicted one, row by row."""
    number = predicted.astype(float)
    table = pl.DataFrame({"predicted": number, "actual - predicted": y - number})
    return Plot(table, "predicted", "actual - predicted", "scatter")


def judged(y: np.ndarray, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """Give what each row was said to be, and what it was.

    Of two classes: the positive one's score, and 1 or 0. Of more: the greatest score, and whether
    its class is right. Of numbers: the numbers.
    """
    scores, task = predictions.scores.astype(float), predictions.target.task
    if task == "regression":
        return scores[:, 0], y
    if task == "binary":
        return scores[:, 1], y
    return scores.max(axis=1), scores.argmax(axis=1) == y


def calibration(said: np.ndarray, was: np.ndarray) -> Plot:
    """Draw the mean of what was against the mean of what was said, in equally filled bins."""
    bins = np.array_split(np.argsort(said, kind="stable"), min(BINS, len(said)))
    means = [(said[rows].mean(), was[rows].mean(), len(rows)) for rows in bins]
    table = pl.DataFrame(means, schema=["predicted", "actual", "rows"], orient="row")
    return Plot(table, "predicted", "actual", "scatter")


def slices(report: dict[str, Any], metric: str) -> Plot:
    """Draw a metric of each slice that has enough rows for it."""
    lines = [
        {"slice": f"{name}: {group}", metric: float(values[metric]), "rows": values["rows"]}
        for name, groups in report["slices"].items()
        for group, values in groups.items()
        if metric in values
    ]
    return Plot(pl.DataFrame(lines), metric, "slice", "bar_horizontal")
