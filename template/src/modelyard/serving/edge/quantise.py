"""The model in fewer bits, if it then says the same."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.float16 import convert_float_to_float16

from ...console import UserError
from ...models.scorer import Predictions, Scorer
from ..predictor import Predictor, to_rows

KINDS = ("int8", "float16")
QUANTISABLE = {"MatMul", "Gemm"}


def quantised(
    predictor: Predictor, content: bytes, kind: str, greatest: float
) -> tuple[bytes, dict[str, Any]]:
    """Quantise a model, and compare it with the original on real validation rows.

    Args:
        predictor: the accepted model, with its examples.
        content: its ONNX file.
        kind: one of `KINDS`.
        greatest: by how much a score may differ; no decision may.

    Returns:
        The new ONNX file, and the `model.json` to go with it.

    Raises:
        UserError: nothing in the model can be quantised, or it then says something else.
    """
    need_effect(content, kind)
    smaller = to_int8(content) if kind == "int8" else to_float16(content)
    scorer = predictor.scorer
    other = Scorer(smaller, scorer.features, scorer.target, scorer.threshold, scorer.build)
    rows = to_rows(predictor.examples(count_examples(predictor.folder)), predictor.schema)
    gap = compare(scorer.predict(rows), other.predict(rows), kind, greatest)
    sizes = f"{len(content):,} -> {len(smaller):,} bytes"
    print(f"edge: {kind} differs by {gap:.2g} at most, 0 decisions flip, {sizes}")
    digest = hashlib.sha256(smaller).hexdigest()
    about = {"version": digest[:12], "sha256": digest, "quantised": kind}
    return smaller, predictor.about | about | {"quantised_from": predictor.version}


def to_int8(content: bytes) -> bytes:
    """Store weights as whole numbers of eight bits; sums are made of these, too."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        quantize_dynamic(onnx.load_from_string(content), path, weight_type=QuantType.QInt8)
        return path.read_bytes()


def to_float16(content: bytes) -> bytes:
    """Store weights as numbers of sixteen bits; input and output stay as they are."""
    smaller = convert_float_to_float16(onnx.load_from_string(content), keep_io_types=True)
    return bytes(smaller.SerializeToString(deterministic=True))


def need_effect(content: bytes, kind: str) -> None:
    """Refuse to call quantised what ONNX Runtime would leave as it is.

    Raises:
        UserError: no operator of the model can be quantised; the text names them all.
    """
    operators = {node.op_type for node in onnx.load_from_string(content).graph.node}
    if not operators & QUANTISABLE:
        raise UserError(
            f"--quantise {kind} has no effect: ONNX Runtime leaves {', '.join(sorted(operators))} "
            "as it is, allowed are models with MatMul or Gemm, such as neural networks; "
            "build without it"
        )


def compare(own: Predictions, other: Predictions, kind: str, greatest: float) -> float:
    """Give the greatest difference of two predictions; for numbers, in standard deviations.

    Raises:
        UserError: it exceeds `greatest`, or a decision differs.
    """
    regression = own.target.task == "regression"
    scale = max(float(np.std(own.scores)), 1e-12) if regression else 1.0
    gap = float(np.abs(own.scores.astype(np.float64) - other.scores).max()) / scale
    flips = sum(a != b for a, b in zip(own.labels(), other.labels(), strict=True))
    flips = 0 if regression else flips
    if not gap <= greatest or flips:
        raise UserError(
            f"--quantise {kind}: scores differ by {gap:.2g} and {flips} decisions of "
            f"{len(own.scores)}, allowed are {greatest:g} and 0 (params.yaml: gate.max_parity_gap)"
        )
    return gap


def count_examples(folder: Path) -> int:
    """Count the real rows that the gate has kept beside the model."""
    return len((folder / "examples.jsonl").read_text("utf-8").splitlines())
