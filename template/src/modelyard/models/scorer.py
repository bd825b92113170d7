"""Rows in, predictions out, by an ONNX model: the one path of evaluation, REST, batch and edge."""

import os
from dataclasses import dataclass
from typing import Any

import numpy as np

# onnxruntime reports its use over the network unless it finds this when it is imported
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime as ort

from ..console import UserError
from ..features.spec import matrix
from ..project import Build
from ..schema.columns import Rows
from ..schema.contract import Classes, Quantity


@dataclass(frozen=True)
class Predictions:
    """Scores float32 [n, classes], or [n, 1] for a number, and what they mean."""

    scores: np.ndarray
    target: Classes | Quantity
    threshold: float

    def labels(self) -> list[Any]:
        """Give each row's class, or its number."""
        if self.target.task == "regression":
            return self.scores[:, 0].tolist()
        if self.target.task == "binary":
            least, (no, yes) = float(np.float32(self.threshold)), self.target.values
            return [yes if score >= least else no for score in self.scores[:, 1].tolist()]
        return [self.target.values[place] for place in self.scores.argmax(axis=1).tolist()]

    def places(self) -> np.ndarray:
        """Give the place of each row's class among the target's: `labels` of many rows, faster."""
        if self.target.task == "binary":
            return (self.scores[:, 1] >= np.float32(self.threshold)).astype(np.int64)
        return self.scores.argmax(axis=1)

    def records(self) -> list[dict[str, Any]]:
        """Give each row's answer: its prediction, and its score or scores if there are any."""
        labels = self.labels()
        if self.target.task == "regression":
            return [{"prediction": label} for label in labels]
        if self.target.task == "binary":
            scores = self.scores[:, 1].tolist()
            return [{"prediction": a, "score": b} for a, b in zip(labels, scores, strict=True)]
        named = [dict(zip(self.target.values, line, strict=True)) for line in self.scores.tolist()]
        return [{"prediction": a, "scores": b} for a, b in zip(labels, named, strict=True)]


class Scorer:
    """An ONNX model with the features that it reads.

    Args:
        content: the bytes of the ONNX file.
        features: names of the features in the model's order.
        target: what the scores are about.
        threshold: the score from which two classes' positive one is predicted.
        build: makes the features.

    Raises:
        UserError: the bytes are no ONNX model that this machine can run.
    """

    def __init__(
        self,
        content: bytes,
        features: list[str],
        target: Classes | Quantity,
        threshold: float,
        build: Build,
    ) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self.session = ort.InferenceSession(content, options, ["CPUExecutionProvider"])
        except Exception as failure:  # onnxruntime's errors have no common class
            raise UserError(f"this is no ONNX model that can run here: {failure}") from None
        self.outputs, self.options = [self.session.get_outputs()[0].name], ort.RunOptions()
        self.features, self.target, self.threshold = features, target, threshold
        self.build = build

    def predict(self, rows: Rows) -> Predictions:
        """Score rows.

        Args:
            rows: checked rows, column name to array of n values.
        """
        return self.predict_features(matrix(rows, self.features, self.build))

    def predict_features(self, X: np.ndarray) -> Predictions:
        """Score float32 features [n, features]."""
        scores = self.session.run(self.outputs, {"features": X}, self.options)[0]
        return Predictions(scores.reshape(len(X), -1), self.target, self.threshold)
