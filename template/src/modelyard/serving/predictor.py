"""The accepted model, loaded only if its files and the code fit together."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ..console import UserError
from ..files import read_json
from ..models.scorer import Predictions, Scorer
from ..project import Build, code_hash
from ..schema.columns import Rows
from ..schema.contract import Schema

REMEDY = "run: dvc repro"
MANIFEST = (
    *("version", "sha256", "trained_as_of", "training_rows"),
    *("threshold", "schema_hash", "code_hash", "features", "target"),
)


class Predictor:
    """Predicts for checked rows.

    Args:
        folder: holds `model.onnx` and `model.json`.
        schema: what a row is.
        build: makes the features.

    Raises:
        UserError: a file is missing or altered, or schema or features changed since training.
    """

    def __init__(self, folder: Path, schema: Schema, build: Build) -> None:
        self.folder, self.schema, self.build = folder, schema, build
        self.about = read_manifest(folder / "model.json")
        content = verified(folder / "model.onnx", self.about["sha256"])
        _same("schema.py", schema.hash, self.about["schema_hash"])
        _same("features/build.py", code_hash(build), self.about["code_hash"])
        features, threshold = self.about["features"], self.about["threshold"]
        self.scorer = Scorer(content, features, schema.target, threshold, build)

    @property
    def version(self) -> str:
        """The model's version."""
        return str(self.about["version"])

    @property
    def trained_as_of(self) -> date:
        """The day up to which the training rows were known."""
        return date.fromisoformat(self.about["trained_as_of"])

    def predict(self, rows: Rows) -> Predictions:
        """Predict for checked rows, column name to array of n values."""
        return self.scorer.predict(rows)

    def examples(self, count: int) -> list[dict[str, Any]]:
        """Give real rows, as a client would send them.

        Raises:
            UserError: there are fewer.
        """
        path = self.folder / "examples.jsonl"
        if not path.is_file():
            raise UserError(f"{path} is not there; {REMEDY}")
        lines = path.read_text("utf-8").splitlines()
        if not 1 <= count <= len(lines):
            raise UserError(f"{count} examples asked, allowed are 1 to {len(lines)}")
        return [json.loads(line) for line in lines[:count]]


def read_manifest(path: Path) -> dict[str, Any]:
    """Read what must be known of a model besides its bytes.

    Raises:
        UserError: it is not there, or lacks something.
    """
    about: dict[str, Any] = read_json(path, REMEDY)
    lacking = [name for name in MANIFEST if name not in about]
    if lacking:
        raise UserError(f"{path} lacks {', '.join(lacking)}; {REMEDY}")
    return about


def verified(path: Path, digest: str) -> bytes:
    """Read a file whose hash is known.

    Raises:
        UserError: it is not there, or its hash is another one.
    """
    if not path.is_file():
        raise UserError(f"{path} is not there; {REMEDY}")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise UserError(f"{path} was altered: its sha256 is {found[:12]}…, not {digest[:12]}…")
    return content


def to_rows(records: Iterable[Mapping[str, Any]], schema: Schema) -> Rows:
    """Turn checked records, in which a missing value is None or absent, into arrays."""
    lines = list(records)
    values = [line.get(name) for name in schema.numbers for line in lines]
    numbers = np.array(values, np.float64).reshape(len(schema.numbers), len(lines))
    rows = dict(zip(schema.numbers, numbers, strict=True))
    for column in schema.others:
        rows[column.name] = column.to_array([line.get(column.name) for line in lines])
    return rows


def _same(name: str, found: str, expected: str) -> None:
    if found != expected:
        raise UserError(
            f"{name} changed since the model was trained ({expected} -> {found}); {REMEDY}"
        )
