"""The release manifest: what a version is, where it came from, and the hashes to check it by."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from .events import Manifest
from .release_files import Contents, digest, raw_rows

MODEL = ("version", "sha256", "trained_as_of", "training_rows")
Tracked = Mapping[str, bytes | None]


def describe(commit: str, tracked: Tracked, files: Contents) -> Manifest:
    """Say what follows from a commit and the model that its pipeline made.

    Args:
        commit: in full.
        tracked: the files in git, as `released.tracked` gives them.
        files: the model's, as `released.made` gives them.
    """
    about = json.loads(files["model.json"])
    params = yaml.safe_load(tracked["params.yaml"] or b"{}")
    figures = json.loads(tracked["models/metrics.json"] or b"{}")
    report = (tracked["reports/gate.md"] or b"").decode()
    told = {
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
    return dict(json.loads(json.dumps(told, default=str)))  # a day becomes its text


def verdict(report: str) -> str:
    """Find the sentence in the gate's report that says what became of the candidate."""
    lines = [line for line in report.splitlines() if line.startswith(("Accepted", "Refused"))]
    return lines[0] if lines else ""


def sealed(told: Manifest) -> Manifest:
    """Add a hash of all the rest."""
    return told | {"seal": seal(told)}


def seal(told: Manifest) -> str:
    """Hash a manifest without its seal."""
    rest = {name: value for name, value in told.items() if name != "seal"}
    plain = json.dumps(rest, sort_keys=True, ensure_ascii=False)
    return str(digest(plain.encode()))


def differences(told: Manifest, found: Manifest) -> list[str]:
    """Name what a manifest says otherwise than the files, one line each.

    Args:
        told: the manifest that was registered.
        found: what `describe` says now.
    """
    lines = [] if told.get("seal") == seal(told) else ["seal: the manifest itself was changed"]
    said = flat({name: told.get(name) for name in found})
    now = flat(found)
    return lines + [
        f"{name}: the manifest says {said.get(name)}, found {now.get(name)}"
        for name in sorted(said.keys() | now.keys())
        if said.get(name) != now.get(name)
    ]


def flat(value: Any, prefix: str = "") -> dict[str, str]:
    """Name each value by its path, such as `model.sha256`."""
    if not isinstance(value, Mapping):
        return {prefix: str(value)}
    parts = [flat(one, f"{prefix}.{name}" if prefix else str(name)) for name, one in value.items()]
    return {name: text for part in parts for name, text in part.items()}
