"""From a prediction to the model, data, code, approver and gate report behind it."""

import json
from pathlib import Path
from typing import Any

from . import state
from .events import Event, Version
from .git import at

NONE = "none"


def recorded(folder: Path, request_id: str) -> dict[str, Any]:
    """Find the first recorded prediction of a request; empty if there is none.

    Args:
        folder: of the records, as `serving/records.py` lays it out.
        request_id: as the service answered it in a header.
    """
    wanted = request_id.encode()
    for path in sorted(folder.glob("*/predictions-*.jsonl")):
        with path.open("rb") as file:
            for text in (one for one in file if wanted in one and one.endswith(b"\n")):
                line: dict[str, Any] = json.loads(text)
                if line.get("request_id") == request_id:
                    return line
    return {}


def audit(version: Version, events: list[Event], told: dict[str, Any]) -> dict[str, Any]:
    """Collect what is known of a version, and of a prediction by it.

    Args:
        version: of the model that predicted.
        events: of the registry.
        told: the record of the prediction; empty if a version was asked for.
    """
    manifest, own = version.manifest, [one for one in events if one.version == version.name]
    approvals = [one for one in own if one.stage]
    then = [one for one in approvals if not told or one.when <= told["time"]]
    return {
        "prediction": {name: told[name] for name in ("request_id", "time") if name in told},
        "version": version.name,
        "model": manifest.get("model", {}),
        "data": manifest.get("data", {}),
        "code": {"commit": version.commit, **manifest.get("features", {})},
        "registered": f"{manifest.get('when', NONE)} by {manifest.get('by', NONE)}",
        "approved": [f"{one.when} by {one.by}: {one.tag} ({one.action})" for one in then],
        "gate": manifest.get("gate", {}),
        "gate_report": report(version),
        "quarantined": state.quarantined(own).get(version.name, ""),
    }


def report(version: Version) -> str:
    """Say where the gate's report is to be read."""
    text = at(version.commit, "reports/gate.md") if version.commit else None
    return f"git show {version.commit[:12]}:reports/gate.md" if text else NONE
