"""Audit trail of a version or prediction: model, data, code, approvals, gate report."""

import json
from pathlib import Path
from typing import Any

from . import state
from .events import DELIVERED, Event, Version
from .git import file_at

NONE = "none"


def find_prediction(folder: Path, request_id: str) -> dict[str, Any]:
    """Return the first recorded prediction of a request; empty if there is none."""
    encoded_id = request_id.encode()
    for path in sorted(folder.glob("*/predictions-*.jsonl")):
        with path.open("rb") as file:
            for text in (one for one in file if encoded_id in one and one.endswith(b"\n")):
                line: dict[str, Any] = json.loads(text)
                if line.get("request_id") == request_id:
                    return line
    return {}


def audit(version: Version, events: list[Event], prediction: dict[str, Any]) -> dict[str, Any]:
    """Return the audit trail of a version, and of a recorded prediction unless that is empty."""
    manifest, own = version.manifest, [one for one in events if one.version == version.name]
    approvals = [one for one in own if one.stage not in ("", DELIVERED)]
    then = [one for one in approvals if not prediction or one.when <= prediction["time"]]
    return {
        "prediction": {key: prediction[key] for key in ("request_id", "time") if key in prediction},
        "version": version.name,
        "model": manifest.get("model", {}),
        "data": manifest.get("data", {}),
        "code": {"commit": version.commit, **manifest.get("features", {})},
        "registered": f"{manifest.get('when', NONE)} by {manifest.get('by', NONE)}",
        "approved": [f"{one.when} by {one.by}: {one.tag} ({one.action})" for one in then],
        "gate": manifest.get("gate", {}),
        "gate_report": gate_report_command(version),
        "quarantined": state.quarantined(own).get(version.name, ""),
    }


def gate_report_command(version: Version) -> str:
    """Return the git command that prints the gate's report."""
    text = file_at(version.commit, "reports/gate.md") if version.commit else None
    return f"git show {version.commit[:12]}:reports/gate.md" if text else NONE
