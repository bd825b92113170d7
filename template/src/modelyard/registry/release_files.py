"""Files of a release, read from git and from DVC's cache or remote."""

import hashlib
from typing import Any

import yaml

from ..console import UserError
from ..places import MODELS
from .git import file_at

FILES = ("model.onnx", "examples.jsonl", "card.md", "reference.json", "model.json")
TRACKED = ("dvc.lock", "uv.lock", "params.yaml", "models/metrics.json", "reports/gate.md")
RAW = "data/raw/rows.parquet"
REMEDY = "on the machine that has it run: git checkout {} && uv run dvc push"
Contents = dict[str, bytes]


def digest(content: bytes | None) -> str | None:
    """Return the sha256 of a content; None for None."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def tracked_files(commit: str) -> dict[str, bytes | None]:
    """Return a commit's files in git that reproduce the release; None for a missing file."""
    return {path: file_at(commit, path) for path in TRACKED}


def model_files(commit: str) -> Contents:
    """Return the files of a commit's model from DVC's cache or remote."""
    from dvc.api import DVCFileSystem  # imported here: it takes half a second

    try:
        files = DVCFileSystem(".", rev=commit, config=storage_config())
        return {name: files.read_bytes((MODELS / name).as_posix()) for name in FILES}
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        short, remedy = commit[:12], REMEDY.format(commit[:12])
        raise UserError(f"cannot read the model of {short} ({lines[0]}); {remedy}") from None


def storage_config() -> dict[str, Any]:
    """Return DVC's current storage settings, which may differ from those of the commit."""
    from dvc.repo import Repo

    with Repo(".") as repo:
        return {name: dict(repo.config[name]) for name in ("core", "cache", "remote")}


def raw_rows(lock: bytes | None) -> str | None:
    """Return the hash of the raw rows in a `dvc.lock`."""
    stages: dict[str, Any] = (yaml.safe_load(lock or b"") or {}).get("stages", {})
    outs = [out for stage in stages.values() for out in stage.get("outs", [])]
    return next((str(out["md5"]) for out in outs if out["path"] == RAW), None)
