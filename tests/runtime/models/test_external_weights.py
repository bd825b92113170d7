"""A model with weights in other files, which no hash covers, is not loaded."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from modelyard.console import UserError
from modelyard.models.scorer import Scorer
from modelyard.schema.contract import Quantity
from onnx import TensorProto, helper, numpy_helper

WEIGHTS = "weights.bin"


def model() -> onnx.ModelProto:
    weights = numpy_helper.from_array(np.ones((3, 1), np.float32), "weights")
    product = helper.make_node("MatMul", ["features", "weights"], ["variable"])
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, 3])
    variable = helper.make_tensor_value_info("variable", TensorProto.FLOAT, [None, 1])
    graph = helper.make_graph([product], "model", [features], [variable], [weights])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def external(folder: Path, location: str = WEIGHTS) -> onnx.ModelProto:
    """Return the model with its weights in a file of the folder."""
    file = folder / "external.onnx"
    onnx.save_model(model(), file, save_as_external_data=True, location=WEIGHTS, size_threshold=0)
    found = onnx.load(file, load_external_data=False)
    for entry in found.graph.initializer[0].external_data:
        if entry.key == "location":
            entry.value = location
    return found


def as_constant(found: onnx.ModelProto) -> onnx.ModelProto:
    """Move the weights from the initializers to a node."""
    (weights,) = found.graph.initializer
    node = helper.make_node("Constant", [], ["weights"], value=weights)
    del found.graph.initializer[:]
    found.graph.node.insert(0, node)
    return found


def scorer(found: onnx.ModelProto) -> Scorer:
    return Scorer(found.SerializeToString(), ["a"], Quantity("a", ""), 0.5, lambda rows: rows)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, where onnxruntime looks for the files of a model given as bytes."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "location", [WEIGHTS, f"./{WEIGHTS}", f"../{WEIGHTS}", f"/{WEIGHTS}", "*/_ORT_MEM_ADDR_/*"]
)
def test_weights_in_another_file_are_refused_by_name(location: str, folder: Path) -> None:
    with pytest.raises(UserError, match=r"weights must be in its own file: .*weights"):
        scorer(external(folder, location))


def test_weights_of_a_node_in_another_file_are_refused(folder: Path) -> None:
    with pytest.raises(UserError, match=rf"weights must be in its own file: .*{WEIGHTS}"):
        scorer(as_constant(external(folder)))


def test_weights_in_the_model_itself_are_used(folder: Path) -> None:
    for found in (model(), as_constant(model())):
        scores = scorer(found).predict_features(np.ones((2, 3), np.float32)).scores
        assert scores.ravel().tolist() == [3.0, 3.0]
