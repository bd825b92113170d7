"""Release manifest of a version: identity, lineage, and hashes to verify its files.

The files are read from git, and from DVC's cache or remote.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import yaml

from ..console import UserError
from ..places import MODELS
from .backend import Manifest
from .git import file_at

FILES = ("model.onnx", "examples.jsonl", "card.md", "reference.json", "model.json")
TRACKED = ("dvc.lock", "uv.lock", "params.yaml", "models/metrics.json", "reports/gate.md")
RAW = "data/raw/rows.parquet"
REMEDY = "on the machine that has it run: git checkout {} && uv run dvc push"
MODEL = ("version", "sha256", "trained_as_of", "training_rows")
Contents = dict[str, bytes]
Tracked = Mapping[str, bytes | None]


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


def build_manifest(commit: str, tracked: Tracked, files: Contents) -> Manifest:
    """Return the part of the manifest that follows from a commit and its files."""
    about = json.loads(files["model.json"])
    params = yaml.safe_load(tracked["params.yaml"] or b"{}")
    figures = json.loads(tracked["models/metrics.json"] or b"{}")
    report = (tracked["reports/gate.md"] or b"").decode()
    manifest = {
        "commit": commit,
        "model": {name: about[name] for name in MODEL},
        "files": {name: digest(content) for name, content in files.items()},
        "data": {"as_of": params["data"]["as_of"], "rows": raw_rows(tracked["dvc.lock"])},
        "features": {"schema": about["schema_hash"], "code": about["code_hash"]},
        "tracked": {path: digest(content) for path, content in tracked.items()},
        "gate": {"accepted": figures.get("accepted") is True, "verdict": verdict(report)},
        "metrics": figures.get("test", {}).get("candidate", {}),
        "params": params,
    }
    return dict(json.loads(json.dumps(manifest, default=str)))  # dates become text


def verdict(report: str) -> str:
    """Return the sentence in the gate's report that states the verdict."""
    lines = [line for line in report.splitlines() if line.startswith(("Accepted", "Refused"))]
    return lines[0] if lines else ""


def add_seal(manifest: Manifest) -> Manifest:
    """Return a manifest with a hash of all its other entries."""
    return manifest | {"seal": compute_seal(manifest)}


def compute_seal(manifest: Manifest) -> str:
    """Hash a manifest without its seal."""
    rest = {name: value for name, value in manifest.items() if name != "seal"}
    plain = json.dumps(rest, sort_keys=True, ensure_ascii=False)
    return str(digest(plain.encode()))


def differences(manifest: Manifest, found: Manifest) -> list[str]:
    """Return the differences between a manifest and that of the files found, one line each."""
    intact = manifest.get("seal") == compute_seal(manifest)
    expected, actual = flatten({name: manifest.get(name) for name in found}), flatten(found)
    return ([] if intact else ["seal: the manifest itself was changed"]) + [
        f"{name}: the manifest says {expected.get(name)}, found {actual.get(name)}"
        for name in sorted(expected.keys() | actual.keys())
        if expected.get(name) != actual.get(name)
    ]


def flatten(value: Any, prefix: str = "") -> dict[str, str]:
    """Return each nested value by its path, such as `model.sha256`."""
    if not isinstance(value, Mapping):
        return {prefix: str(value)}
    start = f"{prefix}." if prefix else ""
    parts = [flatten(item, f"{start}{name}") for name, item in value.items()]
    return {name: text for part in parts for name, text in part.items()}
