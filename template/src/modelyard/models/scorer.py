"""Predict rows with an ONNX model, for evaluation, REST, batch and edge alike."""

import os
from dataclasses import dataclass
from typing import Any

import numpy as np

# onnxruntime sends telemetry unless this variable is set before the import
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime as ort

from ..console import UserError
from ..features.spec import matrix
from ..project import Build
from ..schema.columns import Rows
from ..schema.contract import Classes, Quantity

EXTERNAL_FOLDER = "session.model_external_initializers_file_folder_path"


@dataclass(frozen=True)
class Predictions:
    """Scores float32 [n, classes], or [n, 1] for regression, with target and threshold."""

    scores: np.ndarray
    target: Classes | Quantity
    threshold: float

    def labels(self) -> list[Any]:
        """Return the predicted class, or number, of each row."""
        if self.target.task == "regression":
            return self.scores[:, 0].tolist()
        if self.target.task == "binary":
            threshold, (no, yes) = float(np.float32(self.threshold)), self.target.values
            return [yes if score >= threshold else no for score in self.scores[:, 1].tolist()]
        return [self.target.values[index] for index in self.scores.argmax(axis=1).tolist()]

    def class_indices(self) -> np.ndarray:
        """Return the class index of each row: like `labels`, but faster for many rows."""
        if self.target.task == "binary":
            return (self.scores[:, 1] >= np.float32(self.threshold)).astype(np.int64)
        return self.scores.argmax(axis=1)

    def records(self) -> list[dict[str, Any]]:
        """Return the prediction of each row as a dict, with `score` or `scores` for classes."""
        labels = self.labels()
        if self.target.task == "regression":
            return [{"prediction": label} for label in labels]
        if self.target.task == "binary":
            scores = self.scores[:, 1].tolist()
            return [{"prediction": a, "score": b} for a, b in zip(labels, scores, strict=True)]
        named = [dict(zip(self.target.values, line, strict=True)) for line in self.scores.tolist()]
        return [{"prediction": a, "scores": b} for a, b in zip(labels, named, strict=True)]


class Scorer:
    """An ONNX model with its features, target and threshold.

    Args:
        content: the bytes of the ONNX file.
        features: the feature names in the model's order.
        target: the predicted target.
        threshold: the score from which the positive of two classes is predicted.
        build: the project's feature function.

    Raises:
        UserError: onnxruntime cannot load the model.
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
        # no hash covers weights in other files: look for them where no file can be
        options.add_session_config_entry(EXTERNAL_FOLDER, os.devnull)
        try:
            self.session = ort.InferenceSession(content, options, ["CPUExecutionProvider"])
        except Exception as failure:  # onnxruntime's errors have no common base class
            where = "its weights must be in its own file: " if "xternal" in str(failure) else ""
            raise UserError(f"onnxruntime cannot load the model: {where}{failure}") from None
        self.outputs, self.options = [self.session.get_outputs()[0].name], ort.RunOptions()
        self.features, self.target, self.threshold = features, target, threshold
        self.build = build

    def predict(self, rows: Rows) -> Predictions:
        """Predict valid rows."""
        return self.predict_features(matrix(rows, self.features, self.build))

    def predict_features(self, X: np.ndarray) -> Predictions:
        """Predict from a feature matrix, float32 [n, features]."""
        scores = self.session.run(self.outputs, {"features": X}, self.options)[0]
        return Predictions(scores.reshape(len(X), -1), self.target, self.threshold)
