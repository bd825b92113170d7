"""Build a bundle for a device, where `python DIR/run.py` needs only NumPy and ONNX Runtime."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from ...command_line import parser
from ...console import run
from ...files import as_json
from ...params import read_params
from ...schema import SCHEMA
from ...settings import Settings
from ..predictor import Predictor
from . import bundle
from .quantise import KINDS, quantised


def arguments() -> argparse.Namespace:
    """Read the command line."""
    reader = parser(str(__package__), __doc__, "build/edge")
    reader.add_argument(
        "dir", metavar="DIR", type=Path, help="folder: new, empty, or a bundle to replace"
    )
    reader.add_argument("--quantise", choices=KINDS, help="store the model in fewer bits")
    return reader.parse_args()


def model_files(predictor: Predictor, kind: str | None, greatest: float) -> dict[str, bytes]:
    """Give the bytes of `model.onnx` and `model.json`.

    Args:
        predictor: the accepted model.
        kind: how to quantise it; None leaves it as it is.
        greatest: by how much a quantised model's scores may differ.
    """
    content, about = (predictor.folder / "model.onnx").read_bytes(), predictor.about
    if kind:
        content, about = quantised(predictor, content, kind, greatest)
    return {"model.onnx": content, "model.json": as_json(about)}


def build(folder: Path, kind: str | None, models: Path, key: str) -> None:
    """Build a bundle of the accepted model.

    Args:
        folder: where; new, empty, or a bundle.
        kind: how to quantise the model; None leaves it as it is.
        models: the folder of the accepted model.
        key: signs the manifest; empty leaves it unsigned.
    """
    params = read_params()
    terms = params.of_edge()
    bundle.check_fallback(terms.fallback, SCHEMA.target)
    bundle.check_place(folder)
    predictor = Predictor(models)
    files = bundle.code() | model_files(predictor, kind, params.gate.max_parity_gap)
    about: dict[str, Any] = json.loads(files["model.json"])
    listed = bundle.manifest(files, terms.model_dump(), about)
    files = bundle.complete(files, listed, key)
    bundle.write(folder, files)
    size = sum(map(len, files.values()))
    signed = "signed" if key else "not signed (EDGE_SIGNING_KEY)"
    print(f"edge: version {about['version']}, {len(files)} files, {size:,} bytes, {signed}")
    print(f"edge: python {folder / 'run.py'} < rows.jsonl")


def main() -> None:
    """Read the command line and the environment, and build."""
    options, settings = arguments(), Settings.read()
    key = os.environ.get("EDGE_SIGNING_KEY", "")
    build(options.dir, options.quantise, settings.model_dir, key)


if __name__ == "__main__":
    run(main)
