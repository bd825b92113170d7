"""Run this bundle: rows as JSON lines on standard input, answers as JSON lines on standard output.

    python run.py < rows.jsonl > answers.jsonl
    python run.py --log > logged.jsonl      the rows answered last, to be uploaded

It needs NumPy and ONNX Runtime, and no network. Before anything is used, each file is compared with
manifest.json and, where EDGE_SIGNING_KEY is set, manifest.json with its signature.
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

USAGE = "usage: python run.py [--log] < rows.jsonl > answers.jsonl"


class Refused(Exception):
    """The bundle is not the one that was built; the text names the file."""


class Listed:
    """Imports from checked files and nothing else: no stale or planted .pyc ever counts."""

    def __init__(self, folder: Path, files: dict[str, bytes]) -> None:
        self.folder, self.files = folder, files

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module among the files."""
        stem = name.replace(".", "/")
        for file, inside in (
            (f"{stem}/__init__.py", [str(self.folder / stem)]),
            (f"{stem}.py", []),
        ):
            if file in self.files:
                place = self.folder / file
                # a loader must no longer have load_module, which the type still asks for
                loader: Any = self
                return spec_from_file_location(
                    name, place, loader=loader, submodule_search_locations=inside or None
                )
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to Python to make an empty module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's checked source."""
        place = str(module.__file__)
        source = self.files[Path(place).relative_to(self.folder).as_posix()]
        exec(compile(source, place, "exec", dont_inherit=True), module.__dict__)


def read(folder: Path, name: str) -> bytes:
    """Read a file of the bundle.

    Raises:
        Refused: it is not there or cannot be read.
    """
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise Refused(f"{name} is not there") from None
    except OSError as failure:
        raise Refused(f"{name} cannot be read: {failure.strerror}") from None


def signature(manifest: bytes, key: str) -> str:
    """Give the HMAC-SHA256 of a manifest's bytes, as hexadecimal digits."""
    return hmac.new(key.encode(), manifest, hashlib.sha256).hexdigest()


def check_signature(folder: Path, manifest: bytes, key: str) -> None:
    """Compare manifest.sig with the manifest's bytes.

    Raises:
        Refused: it is not there, or was made with another key or for another manifest.
    """
    found = read(folder, "manifest.sig").strip()
    if not hmac.compare_digest(found, signature(manifest, key).encode()):
        raise Refused("manifest.sig does not fit manifest.json and EDGE_SIGNING_KEY")


def checked(folder: Path, key: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Give the manifest, and each file that it lists, once all of them are as it says.

    Raises:
        Refused: the text names the file that is missing or altered.
    """
    content = read(folder, "manifest.json")
    if key:
        check_signature(folder, content, key)
    try:
        manifest = json.loads(content)
        digests = dict(manifest["files"])
    except (ValueError, KeyError, TypeError):
        raise Refused("manifest.json was altered: it lists no files") from None
    files = {name: read(folder, name) for name in digests}
    for name, digest in digests.items():
        found = hashlib.sha256(files[name]).hexdigest()
        if found != digest:
            raise Refused(f"{name} was altered: its sha256 is {found[:12]}…, not {digest[:12]}…")
    return manifest, files


def main() -> None:
    """Check the bundle, then start the code in it."""
    folder, options = Path(__file__).resolve().parent, sys.argv[1:]
    if options not in ([], ["--log"]):
        sys.exit(USAGE)
    try:
        manifest, files = checked(folder, os.environ.get("EDGE_SIGNING_KEY", ""))
    except Refused as reason:
        sys.exit(f"error: {reason}; this bundle in {folder} is not used")
    sys.path[:] = [place for place in sys.path if Path(place).resolve() != folder]
    sys.meta_path.insert(0, Listed(folder, files))
    try:
        device = import_module("modelyard.serving.edge.device")
    except ModuleNotFoundError as lack:
        sys.exit(f"error: {lack.name} is not installed; run: pip install numpy onnxruntime")
    device.start(folder, manifest["package"], manifest["terms"], log=options == ["--log"])


if __name__ == "__main__":
    main()
