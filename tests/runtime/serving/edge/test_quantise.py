"""Quantising has an effect and is compared, or is refused."""

import json
from typing import Any

import numpy as np
import onnx
import pytest
from modelyard.console import UserError
from modelyard.models.export import to_bytes
from modelyard.models.scorer import Predictions
from modelyard.schema.contract import Classes, Quantity
from modelyard.serving.edge import quantise
from modelyard.serving.predictor import Predictor
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.neural_network import MLPRegressor

X = np.random.default_rng(7).normal(size=(300, 4)).astype(np.float32)
FATE, SIZE = Classes("fate", "", values=("kept", "lost")), Quantity("size", "")
SMALLER = {"int8": quantise.to_int8, "float16": quantise.to_float16}
STORED = {"int8": onnx.TensorProto.INT8, "float16": onnx.TensorProto.FLOAT16}


@pytest.fixture(scope="module")
def network() -> bytes:
    model = MLPRegressor(hidden_layer_sizes=(16,), max_iter=500, tol=1e-2, random_state=7)
    return to_bytes(model.fit(X, X[:, 0] + X[:, 1]), 4, "regression")


def binary(*late: float) -> Predictions:
    scores = np.array([[1 - score, score] for score in late], np.float32)
    return Predictions(scores, FATE, 0.5)


@pytest.mark.parametrize("kind", quantise.KINDS)
def test_a_networks_weights_are_stored_in_fewer_bits(kind: str, network: bytes) -> None:
    quantise.need_effect(network, kind)
    smaller = onnx.load_from_string(SMALLER[kind](network))
    assert STORED[kind] in {one.data_type for one in smaller.graph.initializer}


@pytest.mark.parametrize("kind", quantise.KINDS)
def test_trees_cannot_be_quantised_and_that_is_said(kind: str) -> None:
    trees = HistGradientBoostingClassifier(max_iter=3).fit(X, X[:, 0] > 0)
    content = to_bytes(trees, 4, "binary")
    said = rf"--quantise {kind} has no effect: ONNX Runtime leaves TreeEnsembleClassifier as it is"
    with pytest.raises(UserError, match=said):
        quantise.need_effect(content, kind)


def test_a_difference_within_the_gate_is_given() -> None:
    gap = quantise.compare(binary(0.2, 0.9), binary(0.2, 0.89), "int8", 0.02)
    assert gap == pytest.approx(0.01, abs=1e-6)


def test_a_difference_beyond_the_gate_is_refused() -> None:
    with pytest.raises(UserError, match=r"scores differ by 0\.01 and 0 decisions of 2, allowed"):
        quantise.compare(binary(0.2, 0.9), binary(0.2, 0.89), "int8", 0.005)


def test_a_decision_that_flips_is_refused() -> None:
    with pytest.raises(UserError, match=r"differ by 0\.002 and 1 decisions of 1, allowed are"):
        quantise.compare(binary(0.501), binary(0.499), "int8", 0.1)


def test_numbers_are_compared_in_standard_deviations() -> None:
    own, other = (np.array([[0.0], [200.0 + more]], np.float32) for more in (0, 1))
    gap = quantise.compare(Predictions(own, SIZE, 0), Predictions(other, SIZE, 0), "float16", 0.1)
    assert gap == pytest.approx(0.01)


def test_scores_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(UserError, match="differ by nan"):
        quantise.compare(binary(0.2), binary(float("nan")), "float16", 0.1)


def test_a_quantised_model_gets_a_version_of_its_own(
    predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    content: Any = (predictor.folder / "model.onnx").read_bytes()
    model = onnx.load_from_string(content)
    model.doc_string = "quantised"
    other = model.SerializeToString()
    monkeypatch.setattr(quantise, "need_effect", lambda *_: None)
    monkeypatch.setattr(quantise, "to_int8", lambda _: other)
    smaller, about = quantise.quantised(predictor, content, "int8", 1e-9)
    assert smaller == other
    assert about["version"] == about["sha256"][:12] != predictor.version
    assert (about["quantised"], about["quantised_from"]) == ("int8", predictor.version)
    assert json.dumps(about)
