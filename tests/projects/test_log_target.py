"""A project whose target is learnt as a logarithm, and which is judged by metrics of its own."""

import json
import sys
from pathlib import Path

import pytest

from tests.checkout import commit
from tests.conftest import Render
from tests.projects.test_swap import SIX, place, swap_files
from tests.projects.trained_checks import predictions
from tools.steps import StepFailed, Steps

METRICS = '''"""Metrics of this problem."""

import numpy as np
from modelyard.schema.columns import Rows


def savings(target: np.ndarray, prediction: np.ndarray, rows: Rows) -> float:
    """Return what treating the patients predicted above 150 saves, in EUR per patient."""
    return float(np.mean((prediction > 150) * (target - 150)) * 20)


def regret(target: np.ndarray, prediction: np.ndarray, rows: Rows) -> float:
    """Return the mean error, weighted by the age."""
    return float(np.average(np.abs(target - prediction), weights=rows["age"]))
'''
SCHEMA = [
    ('unit="points")', 'unit="points", log=True)'),
    (
        "Quantity, Schema, Slice\n",
        "Quantity, Schema, Slice\nfrom modelyard.schema.metric import Metric\n\n"
        "from .models.metrics import regret, savings\n",
    ),
    (
        "    slices=(",
        '    metrics=(Metric(savings, "higher", "EUR"), Metric(regret, "lower")),\n    slices=(',
    ),
]
PARAMS = [
    ("choose_by: rmse ", "choose_by: regret "),
    ("    rmse: -3.0 ", "    rmse: -5.0 "),
    ("    rmse: 65.0", "    rmse: 65.0\n    mape: 0.6\n    savings: 100.0\n    regret: 55.0"),
]


def edit(file: Path, changes: list[tuple[str, str]]) -> None:
    """Replace texts, each of which must occur."""
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")


@pytest.mark.slow
def test_a_logarithm_and_metrics_of_its_own(render: Render, tmp_path: Path) -> None:
    project, steps = swap_files("diabetes", SIX, render, tmp_path), Steps(screen=sys.stdout)
    own = place(project, "src/package/models/metrics.py")
    own.write_text(METRICS, "utf-8")
    edit(place(project, "src/package/schema.py"), SCHEMA)
    edit(project / "params.yaml", PARAMS)
    commit(project, "A logarithm, and own metrics")
    steps.run("install", ["uv", "sync"], project)
    steps.run("train", ["uv", "run", "dvc", "repro"], project)

    measured = json.loads((project / "models" / "metrics.json").read_text("utf-8"))
    assert {"mape", "savings", "regret"} <= measured["test"]["candidate"].keys()
    assert 0.3 < measured["test"]["candidate"]["r2"] < 0.6  # in points, not in logarithms
    assert measured["impact"]["savings"]["loss_correlation"] < -0.8
    assert "impact: savings (EUR)" in (project / "reports" / "gate.html").read_text("utf-8")
    assert all(20 < one["prediction"] < 350 for one in predictions(steps, project, 3))
    steps.run("test", ["uv", "run", "pytest", "-q", "tests/test_serving.py"], project)

    edit(own, [('rows["age"]', 'rows["height"]')])
    text = r"error: models/metrics\.py: regret fails for \d+ rows: KeyError: 'height'"
    with pytest.raises(StepFailed, match=text):
        steps.run("train", ["uv", "run", "dvc", "repro"], project)
