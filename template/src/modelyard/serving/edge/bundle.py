"""Build a bundle for a device, where `python DIR/run.py` needs only NumPy and ONNX Runtime.

Its files are written into a folder: all of them or none.
"""

import hashlib
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from ...console import UserError
from ...files import as_json, read_json
from ...params import read_params
from ...params_operation import Edge
from ...project import Project
from ...schema.contract import Classes, Quantity
from ..predictor import Predictor
from .modules import required_modules
from .run import signature

RUNTIME = Path(__file__).parents[2]
KIND = "edge bundle"
MANIFEST, SIGNATURE, LOG = "manifest.json", "manifest.sig", "edge.log"


def build(project: Project, folder: Path, models: Path, key: str) -> None:
    """Build a bundle of the accepted model, signed if `key` is not empty."""
    settings = read_params().section(Edge)
    check_fallback(settings.fallback, project.schema.target)
    check_output(folder)
    predictor = Predictor(models, project.schema, project.build)
    model = {name: (models / name).read_bytes() for name in ("model.onnx", "model.json")}
    files = read_code(project.package) | model
    manifest = make_manifest(files, project.package, settings.model_dump(), predictor.manifest)
    files[MANIFEST] = manifest
    if key:
        files[SIGNATURE] = f"{signature(manifest, key)}\n".encode()
    write(folder, files)
    size = sum(map(len, files.values()))
    signed = "signed" if key else "not signed (EDGE_SIGNING_KEY)"
    print(f"edge: version {predictor.version}, {len(files)} files, {size:,} bytes, {signed}")
    print(f"edge: python {folder / 'run.py'} < rows.jsonl")


def read_code(package: str) -> dict[str, bytes]:
    """Read the runner and the modules that it needs; return name in the bundle to content."""
    own = Path(str(sys.modules[package].__file__)).parent
    roots = {RUNTIME.name: RUNTIME, package: own}
    starts = [f"{RUNTIME.name}/serving/edge/device.py"]
    starts += [f"{package}/schema.py", f"{package}/features/build.py"]
    files = required_modules(roots, starts)
    runner = {"run.py": Path(__file__).with_name("run.py").read_bytes()}
    return runner | {name: file.read_bytes() for name, file in files.items()}


def make_manifest(
    files: dict[str, bytes], package: str, settings: dict[str, Any], model: dict[str, Any]
) -> bytes:
    """Return the manifest: model, settings, versions of the libraries, sha256 of each file."""
    manifest = {
        "kind": KIND,
        "package": package,
        "version": model["version"],
        "trained_as_of": model["trained_as_of"],
        "terms": settings,
        "built_with": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "onnxruntime": ort.__version__,
        },
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return as_json(manifest)


def check_fallback(value: Any, target: Classes | Quantity) -> None:
    """Raise a `UserError` if the fallback is not a value of the target."""
    if not target.column.is_valid(value):
        allowed = target.column.allowed()
        raise UserError(f"params.yaml: edge.fallback is {value!r}, allowed is {allowed}")


def check_output(folder: Path) -> None:
    """Raise a `UserError` if the folder holds anything but a bundle."""
    allowed = "allowed is a new or empty folder, or a bundle"
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file, {allowed}")
    if foreign := foreign_files(folder):
        raise UserError(f"{folder} holds {foreign[0]}, which is not part of a bundle; {allowed}")


def foreign_files(folder: Path) -> list[str]:
    """List the files of a folder that are not part of a bundle."""
    manifest: dict[str, Any] = {}
    if (folder / MANIFEST).is_file():
        content = read_json(folder / MANIFEST, "choose another folder")
        manifest = content if isinstance(content, dict) and content.get("kind") == KIND else {}
    known = {MANIFEST, SIGNATURE, LOG, *manifest["files"]} if manifest else set()
    files = (path for path in folder.rglob("*") if not path.is_dir() and path.suffix != ".pyc")
    return sorted({path.relative_to(folder).as_posix() for path in files} - known)


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write a bundle to a temporary folder, then rename it; the log of an old bundle is kept.

    Raises:
        UserError: writing failed; the old bundle is untouched.
    """
    folder = folder.resolve()
    new, old = (folder.with_name(f".{folder.name}.{os.getpid()}.{end}") for end in ("new", "old"))
    try:
        for name, content in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(content)
        if (folder / LOG).exists():
            shutil.copy2(folder / LOG, new)
        replace_folder(folder, new, old)
    except OSError as failure:
        raise UserError(f"cannot write {folder}: {failure.strerror or failure}") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)


def replace_folder(folder: Path, new: Path, old: Path) -> None:
    """Rename `folder` to `old` and `new` to `folder`; restore `folder` if that fails."""
    exists = folder.exists()
    if exists:
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        if exists:
            old.rename(folder)
        raise
