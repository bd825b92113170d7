"""Release an accepted candidate: model, metadata, card, examples, reference profile."""

from pathlib import Path
from typing import Any

import polars as pl

from ..console import markdown_table
from ..data.read import read_table
from ..data.tables import to_request_form
from ..features.statistics import describe_number
from ..files import read_json, write_bytes, write_json
from ..params import Params
from ..places import FEATURES, MODELS, PROCESSED
from ..schema.columns import Rows
from ..schema.contract import Schema
from .model_info import version_of
from .scorer import Predictions

EXAMPLES = 1000
REFERENCE = "reference.json"
REQUIRED_KEYS = ("version", "training_rows", "columns", "test_rows", "scores", "test")
Line = tuple[object, ...]


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


def reference_profile(
    version: str,
    spec: dict[str, Any],
    test: dict[str, Any],
    predictions: Predictions,
    bins: int,
) -> dict[str, Any]:
    """Build the profile of the training rows, and of scores and metrics on the test set."""
    return {
        "version": version,
        "training_rows": spec["rows"],
        "columns": spec["columns"],
        "test_rows": len(predictions.scores),
        "scores": {k: describe_number(v, bins) for k, v in score_columns(predictions).items()},
        "test": test["overall"],
    }


def score_columns(predictions: Predictions) -> Rows:
    """Return scores by name: of the positive class, of each class, or the predicted number."""
    scores = predictions.scores.astype(float)
    if predictions.target.task == "binary":
        return {"score": scores[:, 1]}
    if predictions.target.task == "regression":
        return {"prediction": scores[:, 0]}
    names = predictions.target.values
    return {f"score of {name}": scores[:, index] for index, name in enumerate(names)}


def card(model_info: dict[str, Any], test: dict[str, Any], checks: str, schema: Schema) -> str:
    """Return the model card as Markdown; `test` has the reports of both models on the test set."""
    parts = [
        f"# Model {model_info['version']}",
        f"Predicts `{schema.target.name}` ({schema.target.description}). "
        f"{trained_on(model_info, schema)}; for use and limits see [README.md](README.md).",
        "## Metrics on the test set",
        markdown_table(("metric", "model", "baseline"), overall(test)),
        "## Metrics by slice",
        markdown_table(("slice", "group", "rows", "metrics"), slices(test["candidate"]["slices"])),
        "## Gate",
        checks,
        "## Input columns",
        markdown_table(("column", "description", "allowed"), columns(schema)),
    ]
    return "\n\n".join(parts) + "\n"


def trained_on(model_info: dict[str, Any], schema: Schema) -> str:
    """Say on how many rows a model was trained, and before which day if rows have a time."""
    before = f" before {model_info['trained_as_of']}" if schema.time else ""
    return f"Trained on {model_info['training_rows']:,} rows{before}"


def overall(test: dict[str, Any]) -> list[Line]:
    """Return each metric with its value for the model and for the baseline."""
    baseline = test["baseline"]["overall"]
    return [
        (name, f"{value:.4f}", f"{baseline[name]:.4f}")
        for name, value in test["candidate"]["overall"].items()
    ]


def slices(measured: dict[str, Any]) -> list[Line]:
    """Return size and metrics of each group; small groups have no metrics."""
    lines: list[Line] = []
    for name, groups in measured.items():
        for group, values in groups.items():
            metrics = [f"{k} {v:.3f}" for k, v in values.items() if k != "rows"]
            lines.append((name, group, values["rows"], ", ".join(metrics) or "insufficient data"))
    return lines


def columns(schema: Schema) -> list[Line]:
    """Return the columns of the schema."""
    return [(c.name, c.description, c.rule()) for c in schema.columns]
