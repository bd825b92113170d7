"""Export refuses a model that scores allowed values, which no real row has, in another way."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.data.tables import to_rows
from modelyard.features.spec import matrix
from modelyard.models import export
from modelyard.models.dataset import Dataset
from modelyard.models.export import check_parity, check_unusual, to_bytes, too_large
from modelyard.models.scorer import Scorer
from modelyard.models.unusual_rows import thresholds
from modelyard.project import Project
from modelyard.schema.columns import Category, Number, Rows, Text
from modelyard.schema.contract import Classes, Quantity, Schema
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

Condition = Callable[[np.ndarray], Any]
COLUMNS = (
    Text("key", ""),
    Number("price", "", min=0, max=1000),
    Number("weight", "", required=False, min=0, max=50),
    Category("country", "", required=False, values=("FR", "IT"), others=True),
)
FATE = Classes("fate", "", values=("kept", "returned"))
SCHEMA, PROFITS = Schema(COLUMNS, FATE, "key"), Schema(COLUMNS, Quantity("fate", ""), "key")
FEATURES = ["price", "weight", "french", "foreign"]
SEEDED, ROWS = np.random.default_rng(3), 400
TABLE = pl.DataFrame(
    {
        "key": [str(number) for number in range(ROWS)],
        "price": SEEDED.integers(0, 10_000, ROWS) / 100,
        "weight": SEEDED.integers(0, 500, ROWS) / 10,
        "country": SEEDED.choice(["FR", "IT"], ROWS),
    }
)
Y = (TABLE["price"] + TABLE["weight"] + SEEDED.normal(size=ROWS) * 9 > 75).to_numpy().astype(int)
LABELLED = TABLE.with_columns(fate=pl.Series(Y).cast(pl.Float64))


def build(rows: Rows) -> dict[str, np.ndarray]:
    known = rows["country"] == "FR", ~np.isin(rows["country"], ["FR", "IT", ""])
    return {name: rows[name] for name in FEATURES[:2]} | dict(zip(FEATURES[2:], known, strict=True))


X = matrix(to_rows(TABLE, SCHEMA), FEATURES, build)


def check(model: Any, content: bytes = b"", schema: Schema = SCHEMA) -> None:
    """Compare a fitted model with an ONNX file, or with its own."""
    content = content or to_bytes(model, FEATURES, schema.target.task)
    scorer = Scorer(content, FEATURES, schema.target, 0.5, build)
    check_unusual(scorer, model, content, LABELLED, schema, 1e-5)


TREES = [
    RandomForestClassifier(10, random_state=0),
    ExtraTreesClassifier(10, random_state=0),
    DecisionTreeClassifier(random_state=0),
    HistGradientBoostingClassifier(max_iter=10),
]


@pytest.mark.parametrize("model", TREES, ids=lambda model: type(model).__name__)
def test_trees_score_all_allowed_values_in_onnx_as_in_the_library(model: Any) -> None:
    check(model.fit(X, Y))


def test_linear_models_and_numbers_pass() -> None:
    check(make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()).fit(X, Y))
    for model in (RandomForestRegressor(5), make_pipeline(SimpleImputer(), LinearRegression())):
        check(model.fit(X, Y + 0.0), schema=PROFITS)


def test_a_threshold_between_two_numbers_of_float32_is_rounded_down() -> None:
    numbers = (1 + np.arange(4) * 2.0**-23).astype(np.float32)[:, np.newaxis]
    model = HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=1)
    model.fit(numbers[[0, 3] * 20], [0, 1] * 20)  # the threshold is 1.5 steps above 1
    exported = Scorer(to_bytes(model, ["number"], "binary"), ["number"], FATE, 0.5, build)
    scores = exported.predict_features(numbers).scores
    np.testing.assert_allclose(scores, model.predict_proba(numbers), atol=1e-6)


def unpatched(model: Any) -> bytes:
    """Convert a model as skl2onnx alone does."""
    with patch("modelyard.models.export.exact_trees", nullcontext):
        return to_bytes(model, FEATURES, "binary")


def test_a_forest_whose_export_forgets_the_way_of_missing_values_is_refused() -> None:
    model = RandomForestClassifier(10, random_state=0).fit(X, Y)
    message = r"in rows where weight is missing: ONNX and .* in \d+ decisions of 200.*; impute such"
    with pytest.raises(UserError, match=message):
        check(model, unpatched(model))


class Altered:
    """A fitted model that scores some rows in another way."""

    def __init__(self, where: Condition, score: float = 0.95) -> None:
        self.model, self.where, self.score = TREES[0].fit(X, Y), where, score

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores of the model, and others where the condition holds."""
        found = np.broadcast_to(self.where(rows), len(rows))
        return np.where(
            found[:, np.newaxis], [[1 - self.score, self.score]], self.model.predict_proba(rows)
        )


KINDS: dict[str, Condition] = {
    "weight is missing": lambda rows: np.isnan(rows[:, 1]),
    "weight is 50, an end of its range": lambda rows: rows[:, 1] == 50,
    "price is 1000, an end of its range": lambda rows: rows[:, 0] == 1000,
    "country is an unknown text": lambda rows: rows[:, 3] == 1,
    "country is missing": lambda rows: np.all(rows[:, 2:] == 0),
    "all optional columns are missing": lambda rows: np.isnan(rows[:, 1]) & np.all(rows[:, 2] == 0),
}


@pytest.mark.parametrize("what", KINDS)
def test_the_column_and_the_kind_of_row_are_named(what: str) -> None:
    model = Altered(KINDS[what])
    with pytest.raises(UserError, match=f"in rows where {what}: ONNX and .* differ"):
        check(model, to_bytes(model.model, FEATURES, "binary"))


@pytest.mark.parametrize("side", [-np.inf, None, np.inf], ids=["below", "at it", "above"])
def test_thresholds_of_trees_and_the_numbers_beside_them_are_compared(side: float | None) -> None:
    content = to_bytes(TREES[0].fit(X, Y), FEATURES, "binary")
    least = dict(thresholds(content, len(FEATURES)))[0][0]
    one = least if side is None else np.nextafter(least, np.float32(side))
    model = Altered(lambda rows: rows[:, 0] == one)
    assert one not in X[:, 0]
    with pytest.raises(UserError, match="where feature price is at a threshold of the trees: ONNX"):
        check(model, content)


def test_an_estimator_that_cannot_predict_missing_values_is_refused_with_a_remedy() -> None:
    model = GradientBoostingClassifier(n_estimators=3).fit(X, Y)
    message = r"where weight is missing: Input X contains NaN.*; impute such values in the estim"
    with pytest.raises(UserError, match=message):
        check(model)
    check(make_pipeline(SimpleImputer(), GradientBoostingClassifier(n_estimators=3)).fit(X, Y))


def test_a_number_may_differ_by_the_digits_of_float32() -> None:
    model = make_pipeline(SimpleImputer(), LinearRegression()).fit(X, 1e7 + Y)
    check(model, schema=PROFITS)


def test_a_score_that_is_no_number_is_refused() -> None:
    model = Altered(KINDS["weight is missing"], np.nan)
    with pytest.raises(UserError, match=r"in rows where weight is missing: ONNX and .* by nan in"):
        check(model, to_bytes(model.model, FEATURES, "binary"))


def test_export_says_that_float32_rounds_a_feature(
    workspace: Path,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(export, "EXACT", 3000)
    export.main(project)
    assert "export: feature distance_mi is 4,983, float32 rounds whole" in capsys.readouterr().out


def test_whole_numbers_that_float32_rounds_get_a_message_of_their_own() -> None:
    row, names = np.array([1, 2**24 + 2], np.float32), ["a", "weight"]
    assert "feature weight is 16,777,218, float32 rounds whole" in too_large(row, names)
    assert too_large(np.array([np.nan, -(2**24)], np.float32), names) == ""
    large = X * np.array([1e7, 1, 1, 1], np.float32)
    model = make_pipeline(StandardScaler(), TREES[2]).fit(large, Y)
    scorer = Scorer(to_bytes(TREES[2], 4, "binary"), FEATURES, FATE, 0.5, build)
    with pytest.raises(UserError, match=r"; feature price is \d+,\d+,\d+, float32 rounds"):
        check_parity(scorer, model, Dataset(large, Y), "binary", 1e-5)
