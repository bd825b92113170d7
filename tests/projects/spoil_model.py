"""Create a faulty copy of a model with a project's Python: `spoil_model.py FAULT MODELS COPY`."""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

WORK = 700  # a product of two square matrices of this size takes some milliseconds


def noise(model: onnx.ModelProto) -> None:
    """Permute the values of the leaves."""
    for attribute in model.graph.node[0].attribute:
        if attribute.name.endswith("_weights"):
            mixed = np.random.default_rng(1).permutation(np.array(attribute.floats))
            attribute.floats[:] = mixed.tolist()


def unknown(model: onnx.ModelProto) -> None:
    """Use an operator that no runtime supports."""
    model.graph.node[0].op_type = "TreeEnsembleOfTomorrow"


def nan(model: onnx.ModelProto) -> None:
    """Replace values of leaves by NaN."""
    for attribute in model.graph.node[0].attribute:
        if attribute.name.endswith("_weights"):
            attribute.floats[::7] = [float("nan")] * len(attribute.floats[::7])


def slow(model: onnx.ModelProto) -> None:
    """Add matrix products that depend on the number of rows and do not change the scores."""
    graph = model.graph
    (name,) = (output.name for output in graph.output)
    for node in graph.node:
        node.output[:] = ["original_scores" if one == name else one for one in node.output]
    square = helper.make_tensor("square", TensorProto.INT64, [2], [WORK, WORK])
    nothing = helper.make_tensor("nothing", TensorProto.FLOAT, [], [0.0])
    graph.initializer.extend([square, nothing])
    steps: list[tuple[str, list[str], str, dict[str, Any]]] = [
        ("Shape", [graph.input[0].name], "shape", {}),
        ("Cast", ["shape"], "rows", {"to": TensorProto.FLOAT}),
        ("ReduceSum", ["rows"], "sum", {"keepdims": 0}),
        ("Mul", ["sum", "nothing"], "none", {}),
        ("Expand", ["none", "square"], "p0", {}),
        *(("MatMul", [f"p{one}", f"p{one}"], f"p{one + 1}", {}) for one in range(4)),
        ("ReduceSum", ["p4"], "still", {"keepdims": 0}),
        ("Add", ["original_scores", "still"], name, {}),
    ]
    for kind, inputs, output, how in steps:
        graph.node.append(helper.make_node(kind, inputs, [output], **how))


FAULTS = {"X22": noise, "X27": unknown, "X29": slow, "X32": nan}


def main() -> None:
    """Write the copy with its hash; for X28 flip one bit of the file and keep the old hash."""
    fault, source, copy = sys.argv[1], *map(Path, sys.argv[2:])
    shutil.copytree(source, copy)
    path, about = copy / "model.onnx", copy / "model.json"
    content = bytearray(path.read_bytes())
    if fault == "X28":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        return
    model = onnx.load_from_string(bytes(content))
    FAULTS[fault](model)
    path.write_bytes(model.SerializeToString())
    manifest = json.loads(about.read_text("utf-8"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    about.write_text(json.dumps(manifest | {"sha256": digest, "version": digest[:12]}), "utf-8")


if __name__ == "__main__":
    main()
