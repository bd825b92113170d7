"""Build a bundle for a device, where `python DIR/run.py` needs only NumPy and ONNX Runtime."""

import json
from pathlib import Path
from typing import Any

from ...files import as_json
from ...params import read_params
from ...project import Project
from ..predictor import Predictor
from . import bundle
from .quantise import quantised
from .section import Edge


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


def build(project: Project, folder: Path, kind: str | None, models: Path, key: str) -> None:
    """Build a bundle of the accepted model.

    Args:
        project: the project's own part.
        folder: where; new, empty, or a bundle.
        kind: how to quantise the model; None leaves it as it is.
        models: the folder of the accepted model.
        key: signs the manifest; empty leaves it unsigned.
    """
    params = read_params()
    terms = params.section(Edge)
    bundle.check_fallback(terms.fallback, project.schema.target)
    bundle.check_place(folder)
    predictor = Predictor(models, project.schema, project.build)
    files = bundle.code(project.package) | model_files(predictor, kind, params.gate.max_parity_gap)
    about: dict[str, Any] = json.loads(files["model.json"])
    listed = bundle.manifest(files, project.package, terms.model_dump(), about)
    files = bundle.complete(files, listed, key)
    bundle.write(folder, files)
    size = sum(map(len, files.values()))
    signed = "signed" if key else "not signed (EDGE_SIGNING_KEY)"
    print(f"edge: version {about['version']}, {len(files)} files, {size:,} bytes, {signed}")
    print(f"edge: python {folder / 'run.py'} < rows.jsonl")
