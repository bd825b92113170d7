"""What cannot be trained, stored, loaded or exported is found on few rows, before the search."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.models import export
from modelyard.models.dataset import Dataset
from modelyard.params import read_params
from modelyard.schema.contract import Classes
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from modelyard_doctor import rehearsal
from modelyard_doctor.rehearsal import few_rows, rehearse

SEEDED = np.random.default_rng(5)
X = SEEDED.normal(size=(900, 3)).astype(np.float32)
Y = (X.sum(axis=1) + SEEDED.normal(size=900) > 2).astype(int)
ROWS = Dataset(X, Y)
SCHEMA: Any = SimpleNamespace(target=Classes("c", "", values=("no", "yes")))
Candidate = Callable[[dict[str, Any], int], Any]


class Own(LogisticRegression):
    """A type that skops does not know."""


class Linear:
    """Scores that are a sum, with scikit-learn's interface but none of its classes."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> "Linear":
        self.inner = LogisticRegression().fit(X, y)
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        return self.inner.predict_proba(X)


def boosted(settings: dict[str, Any], seed: int) -> Any:
    return HistGradientBoostingClassifier(max_iter=3, random_state=seed)


def linear(seed: int) -> Any:
    return LogisticRegression()


def heard(candidate: Candidate = boosted, **own: Any) -> list[str]:
    """Rehearse with one candidate, and other functions of the module."""
    params = read_params()
    search = params.search.model_copy(update={"space": {}, "trials": 1})
    train = params.train.model_copy(update={"candidate": {}})
    estimator = SimpleNamespace(baseline=linear, candidate=candidate, **own)
    return rehearse(
        estimator, ROWS, SCHEMA, params.model_copy(update={"train": train, "search": search})
    )


def test_a_candidate_without_grow_passes() -> None:
    assert heard() == []


def test_an_object_that_is_not_scikit_learns_passes_with_its_own_storage_and_export() -> None:
    def save(model: Linear, path: Path) -> None:
        np.savez(path.with_suffix(".npz"), model.inner.coef_, model.inner.intercept_)
        path.with_suffix(".npz").rename(path)

    def load(path: Path) -> Linear:
        model, arrays = Linear(), np.load(path, allow_pickle=False)
        model.inner = LogisticRegression()
        model.inner.coef_, model.inner.intercept_ = arrays["arr_0"], arrays["arr_1"]
        model.inner.classes_ = np.arange(2)
        return model

    def to_onnx(model: Any, features: list[str]) -> Any:
        return export.to_onnx(getattr(model, "inner", model), features)

    assert heard(lambda settings, seed: Linear(), save=save, load=load, to_onnx=to_onnx) == []


REFUSED: list[tuple[Candidate, dict[str, Any], str]] = [
    (lambda settings, seed: Own(), {}, r"Own cannot be stored, .* TRUSTED_TYPES = \['.*\.Own'\]"),
    (lambda settings, seed: LinearRegression(), {}, "candidate returns a LinearRegression, allow"),
    (lambda settings, seed: SVC(C=-1), {}, r"the candidate cannot be trained: .*'C'"),
    (boosted, {"to_onnx": lambda model, names: None}, "cannot be exported: 'NoneType'"),
    (
        lambda settings, seed: Own(),
        {"save": lambda model, path: path.write_bytes(b"x")},
        r"models/estimator\.py has no load\(path\), which the candidate requires",
    ),
]


@pytest.mark.parametrize(("candidate", "own", "message"), REFUSED)
def test_what_cannot_be_served_is_refused_by_name(
    candidate: Candidate, own: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        heard(candidate, **own)


def test_an_export_with_other_scores_is_refused() -> None:
    def to_onnx(model: Any, features: list[str]) -> Any:
        other = LogisticRegression().fit(X, np.roll(Y, 7))
        return export.to_onnx(other, features)

    with pytest.raises(UserError, match=r"differ by 0\.\d+ in row \d+ and in \d+ decisions"):
        heard(to_onnx=to_onnx)


def test_an_export_with_scores_of_another_shape_is_refused() -> None:
    def to_onnx(model: Any, features: list[str]) -> Any:
        return export.to_onnx(LinearRegression().fit(X, Y), features)

    message = r"exported scores have the shape \(\d+, 1\), allowed is .* \(\d+, 2\)"
    with pytest.raises(UserError, match=message):
        heard(to_onnx=to_onnx)


def test_an_unknown_setting_of_the_search_is_refused_before_any_training() -> None:
    def candidate(settings: dict[str, Any], seed: int) -> Any:
        return Mock() if settings["a"] == 1 else LogisticRegression(**settings)

    params = read_params()
    search = params.search.model_copy(update={"space": {"a": [1, 2]}, "trials": 2})
    train = params.train.model_copy(update={"candidate": {"a": 1}})
    estimator = SimpleNamespace(baseline=Mock(side_effect=AssertionError), candidate=candidate)
    with pytest.raises(UserError, match=r"params\.yaml: train\.candidate or search\.space: .*'a'"):
        rehearse(
            estimator, ROWS, SCHEMA, params.model_copy(update=dict(train=train, search=search))
        )


def test_a_candidate_without_a_seed_is_noted() -> None:
    def candidate(settings: dict[str, Any], seed: int) -> Any:
        return HistGradientBoostingClassifier(max_iter=3, max_features=0.5)

    (note,) = heard(candidate)
    assert note.startswith("models/estimator.py: candidate differs between two trainings")


def test_a_model_that_needs_more_rows_than_a_rehearsal_has_passes() -> None:
    assert heard(lambda settings, seed: KNeighborsClassifier(600)) == []


def test_few_rows_contain_each_class(monkeypatch: pytest.MonkeyPatch) -> None:
    y = np.zeros(5000, int)
    y[[17, 4711]] = 1
    rows = Dataset(np.zeros((5000, 1), np.float32), y)
    assert few_rows(rows, SCHEMA).y.sum() == 2
    assert len(few_rows(rows, SCHEMA).y) <= rehearsal.ROWS + 2 * rehearsal.OF_A_CLASS
    assert len(few_rows(Dataset(X[:50], Y[:50]), SCHEMA).y) == 50
