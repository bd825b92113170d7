"""The files of a bundle, and how they come into their folder: all of them or none."""

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
from ...schema.contract import Classes, Quantity
from .modules import needed
from .run import signature

RUNTIME = Path(__file__).parents[2]
KIND = "edge bundle"
MANIFEST, SIGNATURE, LOG = "manifest.json", "manifest.sig", "edge.log"


def code(package: str) -> dict[str, bytes]:
    """Read the runner and the modules that it starts.

    Args:
        package: the name of the project's package.

    Returns:
        Name in the bundle to content.

    Raises:
        UserError: one of them imports what a device has not.
    """
    roots = {RUNTIME.name: RUNTIME, package: folder_of(package)}
    starts = [f"{RUNTIME.name}/serving/edge/device.py"]
    starts += [f"{package}/schema.py", f"{package}/features/build.py"]
    files = needed(roots, starts)
    runner = {"run.py": Path(__file__).with_name("run.py").read_bytes()}
    return runner | {name: file.read_bytes() for name, file in files.items()}


def folder_of(package: str) -> Path:
    """Find the folder of a package that is imported already."""
    return Path(str(sys.modules[package].__file__)).parent


def manifest(
    files: dict[str, bytes], package: str, terms: dict[str, Any], about: dict[str, Any]
) -> bytes:
    """Describe a bundle: its model and terms, what built it, the sha256 of each file.

    Args:
        files: name to content.
        package: the name of the project's package in it.
        terms: the section `edge` of `params.yaml`.
        about: the model's `model.json`.
    """
    described = {
        "kind": KIND,
        "package": package,
        "version": about["version"],
        "trained_as_of": about["trained_as_of"],
        "terms": terms,
        "built_with": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "onnxruntime": ort.__version__,
        },
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return as_json(described)


def complete(files: dict[str, bytes], listed: bytes, key: str) -> dict[str, bytes]:
    """Add the manifest and, with a key, its signature."""
    signed = {SIGNATURE: f"{signature(listed, key)}\n".encode()} if key else {}
    return files | {MANIFEST: listed} | signed


def check_fallback(value: Any, target: Classes | Quantity) -> None:
    """Refuse a fallback that is no value of the target, and say what is allowed."""
    if isinstance(target, Classes):
        fits, allowed = value in target.values, f"one of {', '.join(target.values)}"
    else:
        fits, allowed = isinstance(value, float), "a finite number"
    if not fits:
        raise UserError(f"params.yaml: edge.fallback is {value!r}, allowed is {allowed}")


def check_place(folder: Path) -> None:
    """Refuse a folder that holds anything but a bundle, and name what stands there."""
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file, allowed is a new or empty folder, or a bundle")
    names = sorted(one.name for one in folder.iterdir()) if folder.exists() else []
    if not names:
        return
    strange = strangers(folder)
    if strange:
        raise UserError(
            f"{folder} holds {strange[0]}, which is of no bundle; "
            "allowed is a new or empty folder, or a bundle"
        )


def strangers(folder: Path) -> list[str]:
    """List the files of a folder that its bundle, if it is one, does not know."""
    listed: dict[str, Any] = {}
    if (folder / MANIFEST).is_file():
        told = read_json(folder / MANIFEST, "choose another folder")
        listed = told if isinstance(told, dict) and told.get("kind") == KIND else {}
    known = {MANIFEST, SIGNATURE, LOG, *listed["files"]} if listed else set()
    files = (one for one in folder.rglob("*") if not one.is_dir() and one.suffix != ".pyc")
    return sorted({one.relative_to(folder).as_posix() for one in files} - known)


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write a bundle aside, then put it in its place; the log of one that stood there is kept.

    Raises:
        UserError: the disk refused; what stood there is untouched.
    """
    folder = folder.resolve()
    aside, old = (folder.with_name(f".{folder.name}.{os.getpid()}.{one}") for one in ("new", "old"))
    try:
        for name, content in files.items():
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / name).write_bytes(content)
        if (folder / LOG).exists():
            shutil.copy2(folder / LOG, aside)
        put(aside, folder, old)
    except OSError as failure:
        raise UserError(f"cannot write {folder}: {failure.strerror or failure}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)


def put(aside: Path, folder: Path, old: Path) -> None:
    """Put one folder in another's place, which comes back if that fails."""
    replaced = folder.exists()
    if replaced:
        folder.rename(old)
    try:
        aside.rename(folder)
    except OSError:
        if replaced:
            old.rename(folder)
        raise
