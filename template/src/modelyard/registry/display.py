"""Tables, model cards and audit trails: model, data, code, approvals, gate report."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import state
from .backend import DELIVERED, Event, Version
from .git import file_at
from .manifest import flatten

METRICS = 3
NONE, GATE = "none", "reports/gate.md"


def version_rows(
    versions: list[Version], events: list[Event], places: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return day, lineage, stages, places and metrics of each version, the newest first."""
    serving, quarantined = state.serving_versions(events), state.quarantined(events)
    return [
        {
            "version": one.name,
            "day": one.manifest.get("when", "")[:10],
            "stages": sorted(stage for stage, name in serving.items() if name == one.name),
            "places": [place for place, name in places.items() if name == one.name],
            "accepted": one.manifest.get("gate", {}).get("accepted"),
            "quarantined": quarantined.get(one.name, ""),
            "model": one.manifest.get("model", {}).get("version", ""),
            "as_of": one.manifest.get("data", {}).get("as_of", ""),
            "commit": one.commit[:12],
            "metrics": one.manifest.get("metrics", {}),
        }
        for one in reversed(versions)
    ]


def table(versions: list[dict[str, Any]], places: Mapping[str, str]) -> str:
    """Format versions as a plain-text table, with the version of prod in each place below it."""
    if not versions:
        return "no version is registered"
    head = ("version", "day", "stage", "verdict", "model", "data as of", "commit", "metrics")
    rows = [head, *map(cells, versions)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    padded = [zip(row, widths, strict=True) for row in rows]
    lines = ["  ".join(cell.ljust(w) for cell, w in row).rstrip() for row in padded]
    same = next(iter(places.values()), "")
    marks = {place: "" if name == same else " DIFFERS" for place, name in places.items()}
    texts = [f"{place} {name or 'none'}{marks[place]}" for place, name in places.items()]
    return "\n".join([*lines, *([f"prod: {', '.join(texts)}"] if texts else [])])


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of a version's row in the table."""
    verdict = "accepted" if row["accepted"] else "no verdict"
    metrics = list(row["metrics"].items())[:METRICS]
    return (
        row["version"],
        row["day"],
        ", ".join(row["stages"]) or "-",
        "quarantined" if row["quarantined"] else verdict,
        row["model"],
        str(row["as_of"]),
        row["commit"],
        ", ".join(f"{name} {value:.4f}" for name, value in metrics),
    )


def card(version: Version, events: list[Event], text: str) -> str:
    """Return a model card with release and history appended, as Markdown."""
    own = [one for one in events if one.version == version.name]
    history = [f"- {one.when}: {one.action} {one.stage or one.why}, by {one.by}" for one in own]
    shown = ("release", "commit", "data", "features", "gate", "image", "by", "when")
    values = flatten({name: version.manifest.get(name) for name in shown})
    lines = [f"| {name} | {value} |" for name, value in values.items()]
    release = ["## Release", "", "| | |", "| --- | --- |", *lines]
    return "\n".join([text, *release, "", "## History", "", *(history or ["- none yet"])]) + "\n"


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
    report = version.commit and file_at(version.commit, GATE)
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
        "gate_report": f"git show {version.commit[:12]}:{GATE}" if report else NONE,
        "quarantined": state.quarantined(own).get(version.name, ""),
    }
