"""What the gate writes when it accepts: the served model and what must be known of it."""

from pathlib import Path
from typing import Any

import polars as pl

from ..data.read import read_table
from ..data.tables import as_sent
from ..files import read_json, write_bytes, write_json
from ..params import Params
from ..places import FEATURES, MODELS, PROCESSED
from ..schema.contract import Schema
from .card import card
from .reference_profile import REFERENCE, reference
from .scorer import Predictions

EXAMPLES = 1000


def release(
    about: dict[str, Any],
    test: dict[str, Any],
    said: Predictions,
    checks: str,
    schema: Schema,
    bins: int,
) -> str:
    """Put the candidate in the served model's place, with its card; return its version.

    Args:
        about: what `describe` says of the candidate.
        test: the reports on the test rows that the gate has judged.
        said: the candidate's predictions of these rows.
        checks: the gate's checks, as a table.
        schema: what a row is.
        bins: how many bins the scores are put into, for the monitors.
    """
    spec = read_json(FEATURES / "spec.json", "run: dvc repro features")
    write_bytes(MODELS / "model.onnx", (MODELS / "candidate.onnx").read_bytes())
    write_json(MODELS / "model.json", about)
    write_bytes(MODELS / "card.md", card(about, test, checks, schema).encode())
    write_examples(MODELS / "examples.jsonl", read_table(PROCESSED / "validation.parquet"), schema)
    told = reference(about["version"], spec, test["candidate"], said, bins)
    write_json(MODELS / REFERENCE, told)
    return str(about["version"])


def describe(digest: str, spec: dict[str, Any], schema: Schema, params: Params) -> dict[str, Any]:
    """Say what a server must know of a model besides its bytes.

    Args:
        digest: sha256 of the ONNX file.
        spec: what `features/spec.json` says.
        schema: what a row is.
        params: the whole of `params.yaml`.
    """
    return {
        "version": digest[:12],
        "sha256": digest,
        "trained_as_of": params.data.as_of.isoformat(),
        "training_rows": spec["rows"],
        "threshold": params.decision.threshold,
        "schema_hash": spec["schema_hash"],
        "code_hash": spec["code_hash"],
        "features": spec["features"],
        "target": schema.target.describe(),
    }


def write_examples(path: Path, rows: pl.DataFrame, schema: Schema, most: int = EXAMPLES) -> None:
    """Write real rows as JSON lines, evenly drawn in order, as a client would send them."""
    step = max(1, rows.height // most)
    drawn = rows.gather_every(step).head(most)
    write_bytes(path, as_sent(drawn, schema).write_ndjson().encode())
