"""Build a bundle for a device, where `python DIR/run.py` needs only NumPy and ONNX Runtime."""

from pathlib import Path

from ...params import read_params
from ...project import Project
from ..predictor import Predictor
from . import bundle
from .params import Edge


def build(project: Project, folder: Path, models: Path, key: str) -> None:
    """Build a bundle of the accepted model."""
    terms = read_params().section(Edge)
    bundle.check_fallback(terms.fallback, project.schema.target)
    bundle.check_place(folder)
    predictor = Predictor(models, project.schema, project.build)
    model = {name: (models / name).read_bytes() for name in ("model.onnx", "model.json")}
    files = bundle.code(project.package) | model
    listed = bundle.manifest(files, project.package, terms.model_dump(), predictor.about)
    files = bundle.complete(files, listed, key)
    bundle.write(folder, files)
    size = sum(map(len, files.values()))
    signed = "signed" if key else "not signed (EDGE_SIGNING_KEY)"
    print(f"edge: version {predictor.version}, {len(files)} files, {size:,} bytes, {signed}")
    print(f"edge: python {folder / 'run.py'} < rows.jsonl")
