"""Digest of `models/model.json`, which holds or hashes all that decides an answer."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ..console import UserError


def add_digest(info: dict[str, Any]) -> dict[str, Any]:
    """Add the digest of all entries, and the version, its first twelve digits."""
    rest = {name: value for name, value in info.items() if name not in ("version", "digest")}
    digest = hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
    return {"version": digest[:12]} | rest | {"digest": digest}


def check_digest(info: dict[str, Any], path: Path, remedy: str) -> None:
    """Raise a `UserError` if entries were altered.

    Up to version 1.1 of the runtime there was no digest, and the ONNX file's hash gave the version.
    """
    old = info | {"version": info["sha256"][:12]}
    expected = add_digest(info) if "digest" in info else old
    if info != expected:
        found, version = expected["version"], info["version"]
        raise UserError(f"{path} was altered: it is of {found}, not of version {version}; {remedy}")
