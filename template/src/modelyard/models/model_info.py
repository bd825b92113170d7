"""Version of a model: hash of `models/model.json`, which holds or hashes all that decides."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ..console import UserError


def version_of(info: dict[str, Any]) -> str:
    """Hash all entries but the version, among them the threshold and the ONNX file's hash."""
    rest = {name: value for name, value in info.items() if name != "version"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:12]


def check_version(info: dict[str, Any], path: Path, remedy: str) -> None:
    """Raise a `UserError` if an entry was altered.

    Runtimes up to 1.1 took the beginning of the ONNX file's hash, which covers nothing else.
    """
    if info["version"] not in (found := version_of(info), info["sha256"][:12]):
        expected = info["version"]
        raise UserError(f"{path} was altered: its content is of {found}, not {expected}; {remedy}")
