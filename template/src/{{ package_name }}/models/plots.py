"""The data of the plots that `dvc plots show` draws."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.metrics import roc_curve

from ..contract import Classes, Quantity
from ..files import replacing

FOLDER = Path("reports/plots")
POINTS = 200


def write(
    y: np.ndarray, scores: np.ndarray, report: dict[str, Any], target: Classes | Quantity
) -> None:
    """Write the plots' data: ROC, calibration and confusion, or residuals; and the slices.

    Args:
        y: classes as their places among the classes, or numbers; shape [n].
        scores: probabilities [n, classes], or predicted numbers [n, 1].
        report: what `evaluate.report` gives for them.
        target: decides which plots there are.
    """
    tables = {"slices": slices(report)}
    if target.task == "regression":
        tables["residuals"] = residuals(y, scores[:, 0])
    else:
        tables |= {"roc": roc(y, scores, target.values), "calibration": calibration(y, scores)}
        tables["confusion"] = confusion(y, scores, target.values)
    for name, table in tables.items():
        with replacing(FOLDER / f"{name}.csv") as aside:
            table.write_csv(aside)


def roc(y: np.ndarray, scores: np.ndarray, classes: tuple[str, ...]) -> pl.DataFrame:
    """Give the ROC curve of the positive class, or of each class against the others."""
    shown = [len(classes) - 1] if len(classes) == 2 else range(len(classes))
    curves = []
    for place in shown:
        fpr, tpr, _ = roc_curve(y == place, scores[:, place])
        kept = np.unique(np.linspace(0, len(fpr) - 1, POINTS).astype(int))
        columns = {"false_positive_rate": fpr[kept], "true_positive_rate": tpr[kept]}
        curves.append(pl.DataFrame(columns | {"class": [classes[place]] * len(kept)}))
    return pl.concat(curves)


def calibration(y: np.ndarray, scores: np.ndarray, bins: int = 10) -> pl.DataFrame:
    """Give, for bins of the last class's score, the mean score and the share that was true."""
    score = scores[:, -1].astype(float)
    frame = pl.DataFrame({"score": score, "true": (y == scores.shape[1] - 1).astype(float)})
    binned = frame.with_columns(bin=(pl.col("score") * bins).floor().clip(0, bins - 1))
    means = binned.group_by("bin").agg(pl.mean("score"), pl.mean("true"), rows=pl.len())
    return means.sort("bin").drop("bin").rename({"true": "share"})


def confusion(y: np.ndarray, scores: np.ndarray, classes: tuple[str, ...]) -> pl.DataFrame:
    """Give each row's actual and most probable class."""
    names = np.array(classes)
    return pl.DataFrame({"actual": names[y], "predicted": names[scores.argmax(axis=1)]})


def residuals(y: np.ndarray, predicted: np.ndarray) -> pl.DataFrame:
    """Give each row's predicted number and by how much the actual one exceeds it."""
    return pl.DataFrame({"predicted": predicted.astype(float), "residual": y - predicted})


def slices(report: dict[str, Any]) -> pl.DataFrame:
    """Give each slice's size and metrics, one line a metric."""
    lines = [
        {"slice": f"{name}: {group}", "metric": metric, "value": float(value)}
        for name, groups in report["slices"].items()
        for group, values in groups.items()
        for metric, value in values.items()
    ]
    return pl.DataFrame(
        lines, schema={"slice": pl.String, "metric": pl.String, "value": pl.Float64}
    )
