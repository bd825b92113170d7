"""A metric of draw counts equals scikit-learn's metric of the drawn rows."""

import numpy as np
import pytest
from modelyard.models.gates.versions.resampled_metrics import resampled
from modelyard.models.metrics import measure
from modelyard.schema.contract import Task

RANDOM = np.random.default_rng(3)
ROWS = 200
Y: dict[Task, np.ndarray] = {
    "binary": RANDOM.integers(2, size=ROWS),
    "multiclass": RANDOM.integers(3, size=ROWS),
    "regression": RANDOM.normal(50, 10, ROWS),
}
SCORES: dict[Task, np.ndarray] = {
    "binary": RANDOM.dirichlet([1, 1], ROWS).round(2).astype(np.float32),
    "multiclass": RANDOM.dirichlet([1, 1, 1], ROWS),
    "regression": RANDOM.normal(50, 10, (ROWS, 1)).astype(np.float32),
}
TASKS: list[Task] = ["binary", "multiclass", "regression"]
DRAWN = RANDOM.integers(ROWS, size=ROWS)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("drawn", [np.arange(ROWS), DRAWN], ids=["each once", "with replacement"])
def test_each_metric_is_that_of_scikit_learn(task: Task, drawn: np.ndarray) -> None:
    y, scores = Y[task], SCORES[task]
    counts = np.bincount(drawn, minlength=ROWS)
    prepared = resampled(task, y, scores, 0.3)
    found = {name: metric(counts) for name, metric in prepared.items()}
    assert found == pytest.approx(measure(task, y[drawn], scores[drawn], 0.3), rel=1e-5)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision"])
def test_draws_of_one_class_have_no_ranking(name: str) -> None:
    prepared = resampled("binary", Y["binary"], SCORES["binary"], 0.5)
    assert np.isnan(prepared[name]((Y["binary"] == 0).astype(int)))
