"""Build a bundle for a device, where `python DIR/run.py` needs only NumPy and ONNX Runtime."""

from pathlib import Path

from ...params import read_params
from ...params_sections import Edge
from ...project import Project
from ..predictor import Predictor
from . import bundle


def build(project: Project, folder: Path, models: Path, key: str) -> None:
    """Build a bundle of the accepted model, signed if `key` is not empty."""
    settings = read_params().section(Edge)
    bundle.check_fallback(settings.fallback, project.schema.target)
    bundle.check_output(folder)
    predictor = Predictor(models, project.schema, project.build)
    model = {name: (models / name).read_bytes() for name in ("model.onnx", "model.json")}
    files = bundle.read_code(project.package) | model
    about = predictor.manifest
    manifest = bundle.make_manifest(files, project.package, settings.model_dump(), about)
    files = bundle.add_manifest(files, manifest, key)
    bundle.write(folder, files)
    size = sum(map(len, files.values()))
    signed = "signed" if key else "not signed (EDGE_SIGNING_KEY)"
    print(f"edge: version {predictor.version}, {len(files)} files, {size:,} bytes, {signed}")
    print(f"edge: python {folder / 'run.py'} < rows.jsonl")
