from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from modelyard.models import plots
from modelyard.models.scorer import Predictions
from modelyard.schema.contract import Classes, Quantity

COLOURS = Classes("colour", "", values=("red", "blue"))
SIZES = Classes("size", "", values=("S", "M", "L"))
WEIGHT = Quantity("weight", "")
REPORT = {"slices": {"region": {"north": {"rows": 900, "mae": 0.5}, "south": {"rows": 3}}}}
CASES: list[tuple[Any, list[int], list[list[float]], set[str]]] = [
    (COLOURS, [0, 1], [[0.75, 0.25], [0.5, 0.5]], {"roc", "confusion"}),
    (SIZES, [0, 1, 2], [[0.5, 0.25, 0.25]] * 3, {"roc", "confusion"}),
    (WEIGHT, [1, 2], [[1.5], [2.5]], {"residuals"}),
]


def predictions(scores: list[list[float]], target: Any) -> Predictions:
    return Predictions(np.array(scores, np.float32), target, 0.5)


@pytest.mark.parametrize(("target", "y", "scores", "own"), CASES)
def test_each_task_has_its_plots_and_their_columns_exist(
    target: Any,
    y: list[int],
    scores: list[list[float]],
    own: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    plots.write(np.array(y), predictions(scores, target), REPORT, "mae")
    definitions = yaml.safe_load(Path("reports/dvc.yaml").read_text("utf-8"))["plots"]
    assert {name for plot in definitions for name in plot} == own | {"calibration", "slices"}
    for plot in definitions:
        ((about),) = plot.values()
        ((file, columns),) = about["y"].items()
        named = {about["x"], *([columns] if isinstance(columns, str) else columns)}
        assert named <= set(pl.read_csv(Path("reports") / file).columns)


def test_the_confusion_counts_what_is_decided_not_what_is_likeliest() -> None:
    decided = Predictions(np.array([[0.75, 0.25]], np.float32), COLOURS, 0.2)
    assert plots.confusion(np.array([0]), decided).table.rows() == [("red", "blue")]


def test_the_residual_is_actual_minus_predicted() -> None:
    drawn = plots.residuals(np.array([3.0, 1.0]), np.array([2.0, 2.0]))
    assert drawn.table.rows() == [(2.0, 1.0), (2.0, -1.0)]


def test_a_perfect_ranking_reaches_the_upper_left_corner() -> None:
    confident = predictions([[1.0, 0.0], [0.0, 1.0]], COLOURS)
    curve = plots.roc(np.array([0, 1]), confident).table
    assert curve.row(0) == (0.0, 1.0)


def test_a_slice_without_the_metric_is_left_out() -> None:
    assert plots.slices(REPORT, "mae").table.rows() == [("region: north", 0.5, 900)]
