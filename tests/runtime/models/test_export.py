from typing import Any

import numpy as np
import onnx
import pytest
from modelyard.console import UserError
from modelyard.models.dataset import Dataset
from modelyard.models.export import check_parity, to_bytes
from modelyard.models.scorer import Scorer
from modelyard.schema.contract import Classes, Quantity
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEEDED = np.random.default_rng(4)
X = np.where(SEEDED.random((300, 3)) < 0.1, np.nan, SEEDED.normal(size=(300, 3)))
ROWS = Dataset(X.astype(np.float32), (np.nansum(X, axis=1) > 0).astype(int))
SIZES = Dataset(ROWS.X, np.digitize(np.nansum(X, axis=1), [-1, 1]))
NUMBERS = Dataset(ROWS.X, 100 * np.nansum(X, axis=1))
NAMES = ["a", "b", "c"]
COLOURS = Classes("colour", "", values=("red", "blue"))
TARGETS: dict[str, Any] = {
    "binary": COLOURS,
    "multiclass": Classes("size", "", values=("S", "M", "L")),
    "regression": Quantity("weight", ""),
}
MODELS: list[tuple[Any, Dataset, Any]] = [
    (HistGradientBoostingClassifier(max_iter=20), ROWS, "binary"),
    (HistGradientBoostingClassifier(max_iter=20), SIZES, "multiclass"),
    (HistGradientBoostingRegressor(max_iter=20), NUMBERS, "regression"),
]


class Unheard(ClassifierMixin, BaseEstimator):
    """An estimator without ONNX converter."""


def scorer(content: bytes, task: str = "binary") -> Scorer:
    return Scorer(content, NAMES, TARGETS[task], 0.5, lambda rows: rows)


def boosted(rounds: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_iter=rounds).fit(*ROWS)


@pytest.mark.parametrize(("model", "rows", "task"), MODELS)
def test_trees_score_in_onnx_as_in_the_library(model: Any, rows: Dataset, task: Any) -> None:
    content = to_bytes(model.fit(*rows), NAMES, task)
    gap = check_parity(scorer(content, task), model, rows, task, 1e-5)
    assert 0 <= gap <= 1e-5


def test_the_same_model_gives_the_same_bytes() -> None:
    assert to_bytes(boosted(5), 3, "binary") == to_bytes(boosted(5), NAMES, "binary")


@pytest.mark.parametrize(("model", "rows", "task"), MODELS)
def test_the_file_reads_features_and_gives_scores_and_nothing_else(
    model: Any, rows: Dataset, task: Any
) -> None:
    graph = onnx.load_from_string(to_bytes(model.fit(*rows), NAMES, task)).graph
    assert [value.name for value in graph.input] == ["features"]
    assert len(graph.output) == 1


def test_the_operator_sets_are_sorted() -> None:
    domains = [
        opset.domain
        for opset in onnx.load_from_string(to_bytes(boosted(5), NAMES, "binary")).opset_import
    ]
    assert domains == sorted(domains)
    assert len(domains) > 1


def test_a_different_model_fails_parity_and_the_gap_and_its_row_are_named() -> None:
    content = to_bytes(boosted(5), NAMES, "binary")
    with pytest.raises(UserError) as refused:
        check_parity(scorer(content), boosted(20), ROWS, "binary", 1e-5)
    assert "ONNX and scikit-learn differ by 0." in str(refused.value)
    assert "allowed are 1e-05 and 0 (params.yaml: gate.max_parity_gap)" in str(refused.value)


class Lowered:
    """A session whose scores are slightly too low."""

    def __init__(self, scorer: Scorer, by: float) -> None:
        """Replace the scorer's session."""
        self.session, self.by = scorer.session, np.float32(by)
        scorer.session = self

    def run(self, *asked: Any) -> list[np.ndarray]:
        """Return the session's scores, lowered."""
        return [self.session.run(*asked)[0] - self.by]


def test_a_flipped_decision_fails_parity_however_small_the_gap() -> None:
    model, row = boosted(20), Dataset(ROWS.X[:1], ROWS.y[:1])
    exported = scorer(to_bytes(model, NAMES, "binary"))
    exported.threshold = float(np.float32(model.predict_proba(row.X)[0, 1]))
    Lowered(exported, 1e-6)
    with pytest.raises(UserError, match="in 1 decisions of 1, allowed are 1e-05 and 0"):
        check_parity(exported, model, row, "binary", 1e-5)


def test_a_gap_fails_parity_even_without_a_flipped_decision() -> None:
    model = boosted(20)
    exported = scorer(to_bytes(model, NAMES, "binary"))
    exported.threshold = -1.0
    Lowered(exported, 1e-4)
    with pytest.raises(UserError, match=r"differ by 0\.0001 in row .* and in 0 decisions of 300"):
        check_parity(exported, model, ROWS, "binary", 1e-5)


def test_for_regression_the_gap_is_in_standard_deviations() -> None:
    model = HistGradientBoostingRegressor(max_iter=20).fit(*NUMBERS)
    exported = scorer(to_bytes(model, NAMES, "regression"), "regression")
    Lowered(exported, 1e-3)
    gap = check_parity(exported, model, NUMBERS, "regression", 1e-5)
    assert gap == pytest.approx(1e-3 / np.std(NUMBERS.y), rel=0.1)


def test_an_estimator_without_onnx_converter_is_named() -> None:
    model = make_pipeline(StandardScaler(), Unheard())
    model[0].fit(ROWS.X)
    with pytest.raises(UserError, match=r"models/estimator\.py cannot be exported: .*Unheard"):
        to_bytes(model, NAMES, "binary")


def test_a_scaler_and_a_linear_model_keep_parity() -> None:
    rows = Dataset(np.nan_to_num(ROWS.X), ROWS.y)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(*rows)
    assert (
        check_parity(scorer(to_bytes(model, NAMES, "binary")), model, rows, "binary", 1e-5) < 1e-5
    )
