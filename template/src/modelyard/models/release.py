"""Release an accepted candidate: model, metadata, card, examples, reference profile."""

from pathlib import Path
from typing import Any

import polars as pl

from ..data.read import read_table
from ..data.tables import to_request_form
from ..files import read_json, write_bytes, write_json
from ..params import Params
from ..places import FEATURES, MODELS, PROCESSED
from ..schema.contract import Schema
from .card import card
from .model_info import version_of
from .reference_profile import REFERENCE, reference_profile
from .scorer import Predictions

EXAMPLES = 1000


def release(
    model_info: dict[str, Any],
    test: dict[str, Any],
    predictions: Predictions,
    checks: str,
    schema: Schema,
    bins: int,
) -> str:
    """Replace the serving model by the candidate; return its version."""
    spec = read_json(FEATURES / "spec.json", "run: dvc repro features")
    write_bytes(MODELS / "model.onnx", (MODELS / "candidate.onnx").read_bytes())
    write_json(MODELS / "model.json", model_info)
    write_bytes(MODELS / "card.md", card(model_info, test, checks, schema).encode())
    write_examples(MODELS / "examples.jsonl", read_table(PROCESSED / "validation.parquet"), schema)
    profile = reference_profile(model_info["version"], spec, test["candidate"], predictions, bins)
    write_json(MODELS / REFERENCE, profile)
    return str(model_info["version"])


def metadata(digest: str, spec: dict[str, Any], schema: Schema, params: Params) -> dict[str, Any]:
    """Return the metadata of a model, the content of `models/model.json`."""
    info = {
        "sha256": digest,
        "trained_as_of": params.data.as_of.isoformat(),
        "training_rows": spec["rows"],
        "threshold": params.decision.threshold,
        "schema_hash": spec["schema_hash"],
        "code_hash": spec["code_hash"],
        "features": spec["features"],
        "target": schema.target.describe(),
    }
    return {"version": version_of(info)} | info


def write_examples(path: Path, rows: pl.DataFrame, schema: Schema, count: int = EXAMPLES) -> None:
    """Write evenly spaced rows as JSON lines, in the format of a request."""
    step = max(1, rows.height // count)
    examples = rows.gather_every(step).head(count)
    write_bytes(path, to_request_form(examples, schema).write_ndjson().encode())
