"""Load the accepted model after verifying that its files match the project's code."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ..console import UserError
from ..features.source import code_hash, same_code
from ..files import read_json, read_lines
from ..models.model_info import check_version
from ..models.scorer import Predictions, Scorer
from ..project import Build
from ..schema.columns import Rows
from ..schema.contract import Schema

REMEDY = "run: dvc repro"
Row = Mapping[str, Any]  # column name to value, as in a request
MANIFEST = (
    *("version", "sha256", "trained_as_of", "training_rows"),
    *("threshold", "schema_hash", "code_hash", "features", "target"),
)


class Predictor:
    """Predicts valid rows with the accepted model, if its schema and features are unchanged."""

    def __init__(self, folder: Path, schema: Schema, build: Build) -> None:
        self.folder, self.schema, self.build = folder, schema, build
        self.manifest = read_manifest(folder / "model.json")
        content = read_verified(folder / "model.onnx", self.manifest["sha256"])
        if schema.hash != self.manifest["schema_hash"]:
            refuse_changed("schema.py", schema.hash, self.manifest["schema_hash"])
        found, expected = code_hash(build), self.manifest["code_hash"]
        if not same_code(found, expected):
            changed = found[:12] != expected[:12]
            file = "features/build.py" if changed else "a module that features/build.py imports"
            refuse_changed(file, found, expected, REMEDY if changed else f"{REMEDY} --force")
        check_version(self.manifest, folder / "model.json", REMEDY)
        features, threshold = self.manifest["features"], self.manifest["threshold"]
        self.scorer = Scorer(content, features, schema.target, threshold, build)

    @property
    def version(self) -> str:
        """The model's version."""
        return str(self.manifest["version"])

    @property
    def trained_as_of(self) -> date:
        """The cutoff day of the training rows."""
        return date.fromisoformat(self.manifest["trained_as_of"])

    def predict(self, rows: Rows) -> Predictions:
        """Predict valid rows, given as column name to array of n values."""
        return self.scorer.predict(rows)

    def examples(self, count: int) -> list[dict[str, Any]]:
        """Return real rows, as a client would send them."""
        path = self.folder / "examples.jsonl"
        if not path.is_file():
            raise UserError(f"{path} does not exist; {REMEDY}")
        rows = read_lines(path, REMEDY)
        if not 1 <= count <= len(rows):
            raise UserError(f"{count} examples requested, allowed are 1 to {len(rows)}")
        return rows[:count]


def read_manifest(path: Path, required: Collection[str] = MANIFEST) -> dict[str, Any]:
    """Read the metadata of a model, by default `model.json`; refuse it if an entry is missing."""
    manifest: dict[str, Any] = read_json(path, REMEDY)
    missing = [name for name in required if name not in manifest]
    if missing:
        raise UserError(f"{path} lacks {', '.join(missing)}; {REMEDY}")
    return manifest


def read_verified(path: Path, digest: str) -> bytes:
    """Read a file and verify its sha256."""
    if not path.is_file():
        raise UserError(f"{path} does not exist; {REMEDY}")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise UserError(f"{path} was altered: its sha256 is {found[:12]}…, not {digest[:12]}…")
    return content


def to_rows(records: Iterable[Row], schema: Schema) -> Rows:
    """Convert valid records, in which a missing value is None or absent, to arrays."""
    lines = list(records)
    values = [line.get(name) for name in schema.numbers for line in lines]
    numbers = np.array(values, np.float64).reshape(len(schema.numbers), len(lines))
    rows = dict(zip(schema.numbers, numbers, strict=True))
    for column in schema.others:
        rows[column.name] = column.to_array([line.get(column.name) for line in lines])
    return rows


def refuse_changed(name: str, found: str, expected: str, remedy: str = REMEDY) -> NoReturn:
    """Refuse a model that was trained with other code."""
    raise UserError(f"{name} changed since the model was trained ({expected} -> {found}); {remedy}")
