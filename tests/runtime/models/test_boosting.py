"""LightGBM and XGBoost give the same scores in ONNX, and are stored, loaded and trained further."""

from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor
from modelyard.console import UserError
from modelyard.models import boosting, store
from modelyard.models.dataset import Dataset
from modelyard.models.export import check_parity, to_bytes
from modelyard.models.scorer import Scorer
from modelyard.models.unusual_rows import thresholds
from modelyard.schema.contract import Classes, Quantity
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier, XGBRegressor

from tests.checkout import ROOT

SEEDED = np.random.default_rng(3)
X = SEEDED.normal(size=(600, 4)).astype(np.float32)
X[:, :2][SEEDED.random((600, 2)) < 0.1] = np.nan
X[:, 3] = X[:, 3].round()
SUM = np.nansum(X, axis=1, dtype=float)
NAMES = ["a", "b", "c", "d"]
ROWS: dict[Any, tuple[np.ndarray, Any]] = {
    "binary": ((SUM > 0).astype(int), Classes("c", "", values=("no", "yes"))),
    "multiclass": (np.digitize(SUM, [-1, 1]), Classes("c", "", values=("S", "M", "L"))),
    "regression": (100 * SUM, Quantity("q", "")),
}
LIGHT: dict[str, Any] = {"n_estimators": 15, "num_leaves": 7, "n_jobs": 1, "verbose": -1}
EXTREME: dict[str, Any] = {"n_estimators": 15, "max_leaves": 7, "n_jobs": 1}
MODELS: list[tuple[Any, Any]] = [
    (LGBMClassifier(**LIGHT), "binary"),
    (LGBMClassifier(**LIGHT), "multiclass"),
    (LGBMRegressor(**LIGHT), "regression"),
    (XGBClassifier(**EXTREME), "binary"),
    (XGBClassifier(**EXTREME), "multiclass"),
    (XGBRegressor(**EXTREME), "regression"),
    (make_pipeline(StandardScaler(), LGBMClassifier(**LIGHT)), "binary"),
]
LIBRARIES = ["lightgbm", "xgboost"]


def at_thresholds(content: bytes) -> np.ndarray:
    """Return rows with values at, just above and just below each threshold, and around 0."""
    rows = [X]
    for index, values in thresholds(content, len(NAMES)):
        near = [np.nextafter(values, np.float32(end)) for end in (-np.inf, np.inf)]
        tiny = np.float32([0, 1e-35, -1e-35, np.nan])
        changed = np.concatenate([values, *near, tiny])
        copies = np.resize(X, (len(changed), len(NAMES)))
        copies[:, index] = changed
        rows.append(copies)
    return np.concatenate(rows)


def check(model: Any, task: Any) -> None:
    """Compare the scores of a fitted model with those of its export, also at thresholds."""
    content = to_bytes(model, NAMES, task, boosting)
    scorer = Scorer(content, NAMES, ROWS[task][1], 0.5, lambda rows: rows)
    rows = X if hasattr(model, "steps") else at_thresholds(content)
    y = np.resize(ROWS[task][0], len(rows))
    assert check_parity(scorer, model, Dataset(rows, y), task, 1e-5) < 1e-5


def estimator(library: str) -> ModuleType:
    """Return the `models/estimator.py` that the answer brings."""
    module = ModuleType(library)
    path = ROOT / "includes" / "sections" / "estimator" / f"{library}.py"
    exec(compile(path.read_text("utf-8"), str(path), "exec"), module.__dict__)
    return module


@pytest.mark.parametrize(("model", "task"), MODELS, ids=lambda one: type(one).__name__)
def test_scores_are_the_same_in_onnx(model: Any, task: Any) -> None:
    check(model.fit(X, ROWS[task][0]), task)


@pytest.mark.parametrize("exact", ["round_down", "make_exact"])
def test_without_the_rounding_of_thresholds_a_difference_is_found(exact: str) -> None:
    model = LGBMRegressor(**LIGHT).fit(X, ROWS["regression"][0])
    with (
        patch.object(boosting, exact, lambda value: value),
        pytest.raises(UserError, match="differ"),
    ):
        check(model, "regression")


@pytest.mark.parametrize("threshold", [0.0, 1e-36, 1e-35, -1e-36, -1e-35, 0.1, -0.1, 1 + 2**-25])
def test_a_rounded_threshold_separates_the_same_numbers(threshold: float) -> None:
    rounded = np.float32(boosting.round_down(threshold))
    for number in (rounded, np.nextafter(rounded, np.float32(np.inf)), np.float32(1e-35)):
        for signed in (number, -number, np.float32(0)):
            seen = 0.0 if abs(float(signed)) <= float(np.float32(1e-35)) else float(signed)
            assert (seen <= threshold) == (float(signed) <= float(rounded))


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_candidate_grows_the_same_after_it_was_stored(library: str) -> None:
    module, y = estimator(library), ROWS["binary"][0]
    settings = {"max_leaf_nodes": 5, "min_samples_leaf": 3, "l2_regularization": 1}
    whole, parted = (module.candidate(settings, 7) for _ in range(2))
    for rounds in (4, 8, 10):
        module.grow(whole, rounds, X, y)
        module.grow(parted, rounds, X, y)
        parted = store.from_bytes(store.to_bytes(parted, module), "a", module)
    assert store.to_bytes(whole, module) == store.to_bytes(parted, module)
    assert len({*map(id, (whole, parted))}) == 2
    content = to_bytes(parted, NAMES, "binary", module)
    assert content == to_bytes(whole, NAMES, "binary", module)
    assert sum(len(set(values)) for _, values in thresholds(content, len(NAMES))) > 10


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_settings_of_params_yaml_reach_the_library(library: str) -> None:
    model = estimator(library).candidate({"l2_regularization": 3.5, "learning_rate": 0.2}, 7)
    assert (model.reg_lambda, model.learning_rate, model.random_state) == (3.5, 0.2, 7)


def test_without_trusted_types_a_model_is_not_stored(tmp_path: Path) -> None:
    model = LGBMClassifier(**LIGHT).fit(X, ROWS["binary"][0])
    with pytest.raises(UserError, match=r"lightgbm\.basic\.Booster.* cannot be stored"):
        store.save(tmp_path / "a.skops", model)
