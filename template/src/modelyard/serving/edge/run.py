"""Run this bundle: read rows from standard input, write predictions to standard output.

    python run.py < rows.jsonl > predictions.jsonl
    python run.py --log > logged.jsonl      the latest rows and predictions, for upload

It needs NumPy and ONNX Runtime, and no network. Before it runs, each file is compared with
manifest.json and, if EDGE_SIGNING_KEY is set, manifest.json with its signature.
"""

import hashlib
import hmac
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

USAGE = "usage: python run.py [--log] < rows.jsonl > predictions.jsonl"


class BundleError(Exception):
    """The bundle was altered or is incomplete; the text names the file."""


class VerifiedImporter:
    """Imports modules from verified files only, never from a stale or planted .pyc."""

    def __init__(self, folder: Path, files: dict[str, bytes]) -> None:
        self.folder, self.files = folder, files

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module among the verified files."""
        stem = name.replace(".", "/")
        for file, inside in (
            (f"{stem}/__init__.py", [str(self.folder / stem)]),
            (f"{stem}.py", []),
        ):
            if file in self.files:
                place = self.folder / file
                # the type of `loader` still requires load_module, which Python has deprecated
                loader: Any = self
                return spec_from_file_location(
                    name, place, loader=loader, submodule_search_locations=inside or None
                )
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Let Python create the module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Execute a module's verified source."""
        place = str(module.__file__)
        source = self.files[Path(place).relative_to(self.folder).as_posix()]
        exec(compile(source, place, "exec", dont_inherit=True), module.__dict__)


def read(folder: Path, name: str) -> bytes:
    """Read a file of the bundle."""
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{name} does not exist") from None
    except OSError as failure:
        raise BundleError(f"{name} cannot be read: {failure.strerror}") from None


def signature(manifest: bytes, key: str) -> str:
    """Return the HMAC-SHA256 of a manifest's bytes, in hexadecimal."""
    return hmac.new(key.encode(), manifest, hashlib.sha256).hexdigest()


def read_verified(folder: Path, key: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the manifest and the content of each file that it lists, after verifying them.

    Raises:
        BundleError: the text names the file that is missing or altered.
    """
    content = read(folder, "manifest.json")
    if key:
        sent = read(folder, "manifest.sig").strip()
        if not hmac.compare_digest(sent, signature(content, key).encode()):
            raise BundleError("manifest.sig does not match manifest.json and EDGE_SIGNING_KEY")
    try:
        manifest = json.loads(content)
        digests = dict(manifest["files"])
    except (ValueError, KeyError, TypeError):
        raise BundleError("manifest.json was altered: it lists no files") from None
    files = {name: read(folder, name) for name in digests}
    for name, known in digests.items():
        found = hashlib.sha256(files[name]).hexdigest()
        if found != known:
            raise BundleError(f"{name} was altered: its sha256 is {found[:12]}…, not {known[:12]}…")
    return manifest, files


def main() -> None:
    """Verify the bundle, then start its code."""
    folder, options = Path(__file__).resolve().parent, sys.argv[1:]
    if options not in ([], ["--log"]):
        sys.exit(USAGE)
    try:
        manifest, files = read_verified(folder, os.environ.get("EDGE_SIGNING_KEY", ""))
    except BundleError as error:
        sys.exit(f"error: {error}; the bundle in {folder} was not run")
    sys.path[:] = [place for place in sys.path if Path(place).resolve() != folder]
    sys.meta_path.insert(0, VerifiedImporter(folder, files))
    try:
        device = import_module("modelyard.serving.edge.device")
    except ModuleNotFoundError as error:
        sys.exit(f"error: {error.name} is not installed; run: pip install numpy onnxruntime")
    device.start(folder, manifest["package"], manifest["terms"], log=options == ["--log"])


if __name__ == "__main__":
    main()
