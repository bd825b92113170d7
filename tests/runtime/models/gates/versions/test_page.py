"""The HTML page of the gate: the models on the same axes, and the importance of each column."""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from modelyard.models.gates.check import Check
from modelyard.models.gates.versions.page import MOST_ROWS, page
from modelyard.models.scorer import Predictions
from modelyard.schema.contract import Classes, Quantity

RANDOM = np.random.default_rng(0)
ROWS = {"none": RANDOM.uniform(size=3000), "a<b": RANDOM.uniform(size=3000)}
CHECKS = [Check.of("floors: auc", 0.75, 0.7, True), Check.of("time", 1.0, 2.0, True, stable=False)]
TWO = Classes("colour", "", values=("red", "blue"))
THREE = Classes("size", "", values=("S", "M", "L"))
WEIGHT = Quantity("weight", "")
TARGETS = {"binary": TWO, "multiclass": THREE, "regression": WEIGHT}
POINT = re.compile(r"(-?[\d.]+),(-?[\d.]+)")
BAR = re.compile(
    r'class="(\w+)"><th>(\S+) .*?M([\d.]+) 0H([\d.]+)V.*?M([\d.]+) 4H([\d.]+).*?'
    r"<td>(-?[\d.]+) ± ([\d.]+)"
)


@dataclass
class Model:
    """A model whose score is a power of the column `a<b`, negative for an inverted order."""

    target: Any
    power: float = 1.0
    seen: list[int] = field(default_factory=list)

    def predict(self, rows: dict[str, np.ndarray]) -> Predictions:
        value = rows["a<b"] if self.power > 0 else 1 - rows["a<b"]
        value = value ** abs(self.power)
        self.seen.append(len(value))
        columns = {1: [7 + value], 2: [1 - value, value], 3: [1 - value, 0.75 * value, value / 4]}
        width = 1 if self.target.task == "regression" else len(self.target.values)
        return Predictions(np.column_stack(columns[width]).astype(np.float32), self.target, 0.5)


def targets(task: str) -> np.ndarray:
    """Return targets that are calibrated for a power of 1."""
    late = RANDOM.uniform(size=3000) < ROWS["a<b"]
    if task == "regression":
        return 7 + ROWS["a<b"]
    return late * (1 + (RANDOM.uniform(size=3000) < 0.25)) if task == "multiclass" else late * 1


def drawn(models: dict[str, Any], y: np.ndarray) -> str:
    return page("abc", CHECKS, models, ROWS, y)


def points(text: str, figure: str, model: str) -> np.ndarray:
    """Return the points of a curve, from 0 to 1 on both axes."""
    (chart,) = re.findall(rf'<figure class="{figure}">.*?</figure>', text, re.DOTALL)
    (curve,) = re.findall(rf'<polyline class="{model}" points="([^"]+)"', chart)
    places = np.array(POINT.findall(curve), float) / 100
    return np.column_stack([places[:, 0], 1 - places[:, 1]])


@pytest.mark.parametrize("task", TARGETS)
def test_all_models_are_on_the_same_axes_without_scripts_or_other_files(task: str) -> None:
    models = {
        name: Model(TARGETS[task], power) for name, power in (("candidate", 1), ("baseline", 3))
    }
    text = drawn(models, targets(task))
    first = "Numbers" if task == "regression" else "ROC"
    for figure in (first, "Calibration"):
        curves = [points(text, figure, name) for name in models]
        assert all(((curve >= 0) & (curve <= 1)).all() for curve in curves)
    assert not np.array_equal(curves[0], curves[1])
    assert [word for word in ("<script", "http", "url(h", "nan", "a<b") if word in text] == []


def test_the_curve_of_a_good_ranking_is_above_the_diagonal_that_of_an_inverted_one_below() -> None:
    text = drawn({"candidate": Model(TWO), "baseline": Model(TWO, -1)}, targets("binary"))
    good, bad = (points(text, "ROC", name)[1:-1] for name in ("candidate", "baseline"))
    assert (good[:, 1] > good[:, 0]).all()
    assert (bad[:, 1] < bad[:, 0]).all()


@pytest.mark.parametrize("task", TARGETS)
def test_calibrated_scores_are_on_the_diagonal_and_others_are_not(task: str) -> None:
    models = {"candidate": Model(TARGETS[task]), "baseline": Model(TARGETS[task], 3)}
    text = drawn(models, targets(task))
    good, bad = (np.abs(np.diff(points(text, "Calibration", name))).max() for name in models)
    assert good < 0.09 < 0.15 < bad


@pytest.mark.parametrize("task", TARGETS)
def test_only_a_column_that_matters_has_importance_on_one_scale(task: str) -> None:
    models = {"candidate": Model(TARGETS[task]), "baseline": Model(TARGETS[task], 0.25)}
    found = BAR.findall(drawn(models, targets(task)))
    assert [row[:2] for row in found] == [
        (model, column) for column in ("a&lt;b", "none") for model in models
    ]
    zero, end, least, most, mean, std = np.array([row[2:] for row in found], float).T
    assert (mean[:2] > 3 * std[:2]).all()
    assert (mean[2:] == 0).all()
    assert (std[2:] == 0).all()
    assert len({*zero}) == 1
    assert end[0] - zero[0] == pytest.approx((end[1] - zero[1]) * mean[0] / mean[1], rel=0.03)
    assert most[0] - least[0] == pytest.approx(2 * std[0] * (end[0] - zero[0]) / mean[0], abs=0.3)


def test_a_column_that_misleads_has_a_bar_to_the_left_of_the_same_zero() -> None:
    found = BAR.findall(
        drawn({"candidate": Model(TWO), "baseline": Model(TWO, -1)}, targets("binary"))
    )
    zero, end, *_ = np.array([row[2:] for row in found], float).T
    assert len({*zero}) == 1
    assert end[1] < zero[0] < end[0]


def test_importance_is_measured_on_a_bounded_number_of_rows_and_repeats() -> None:
    model = Model(TWO)
    drawn({"candidate": model}, targets("binary"))
    assert sorted(model.seen) == [MOST_ROWS] * (1 + 5 * len(ROWS)) + [3000]


def test_the_same_models_have_the_same_page() -> None:
    y = targets("binary")
    assert drawn({"candidate": Model(TWO)}, y) == drawn({"candidate": Model(TWO)}, y)


def test_a_class_without_rows_leaves_no_gap_in_the_curves() -> None:
    text = drawn({"candidate": Model(THREE)}, targets("binary"))
    assert "nan" not in text
    assert len(points(text, "ROC", "candidate")) == 101


def test_the_page_has_the_verdict_and_all_checks_but_no_latency() -> None:
    text = drawn({"candidate": Model(TWO)}, targets("binary"))
    assert "Accepted: 2 of 2 checks passed, none refuses." in text
    assert "<tr><td>ok<td>floors: auc<td>0.7500<td>0.7000" in text
    assert "<tr><td>ok<td>time<td>within<td>2.0000" in text
