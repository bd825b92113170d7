"""The files of a release: where they lie, and what another commit's were."""

import hashlib
from typing import Any

import yaml

from ..console import UserError
from ..places import MODELS
from .git import at

FILES = ("model.onnx", "examples.jsonl", "card.md", "reference.json", "model.json")
TRACKED = ("dvc.lock", "uv.lock", "params.yaml", "models/metrics.json", "reports/gate.md")
RAW = "data/raw/rows.parquet"
REMEDY = "whoever made it pushes it: uv run dvc push --all-tags"
Contents = dict[str, bytes]


def digest(content: bytes | None) -> str | None:
    """Hash a content; None stays None."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def tracked(commit: str) -> dict[str, bytes | None]:
    """Give the files in git by which a release can be made again; None for what is not there."""
    return {path: at(commit, path) for path in TRACKED}


def made(commit: str) -> Contents:
    """Give the model's files as the commit's pipeline has made them, from DVC's cache or remote.

    Raises:
        UserError: neither has them.
    """
    from dvc.api import DVCFileSystem  # here, as it takes half a second

    try:
        files = DVCFileSystem(".", rev=commit, config=storage())
        return {name: files.read_bytes((MODELS / name).as_posix()) for name in FILES}
    except Exception as failure:
        told = str(failure).strip().splitlines() or [type(failure).__name__]
        raise UserError(f"the model of {commit[:12]} is not there ({told[0]}); {REMEDY}") from None


def storage() -> dict[str, Any]:
    """Say where DVC keeps data today, which need not be where it did when a version was made."""
    from dvc.repo import Repo

    with Repo(".") as repo:
        return {name: dict(repo.config[name]) for name in ("core", "cache", "remote")}


def raw_rows(lock: bytes | None) -> str | None:
    """Find the hash of the raw rows in a `dvc.lock`."""
    stages: dict[str, Any] = (yaml.safe_load(lock or b"") or {}).get("stages", {})
    outs = [out for stage in stages.values() for out in stage.get("outs", [])]
    return next((str(out["md5"]) for out in outs if out["path"] == RAW), None)
