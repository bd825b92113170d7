"""A registry as people read it."""

from typing import Any

from . import state
from .events import Event, Version
from .manifest import flat

METRICS = 3


def listed(versions: list[Version], events: list[Event]) -> list[dict[str, Any]]:
    """Give each version with its day, lineage, stages and metrics, the newest first."""
    serving, barred = state.in_service(events), state.quarantined(events)
    return [
        {
            "version": one.name,
            "day": one.manifest.get("when", "")[:10],
            "stages": sorted(stage for stage, name in serving.items() if name == one.name),
            "accepted": one.manifest.get("gate", {}).get("accepted"),
            "quarantined": barred.get(one.name, ""),
            "model": one.manifest.get("model", {}).get("version", ""),
            "as_of": one.manifest.get("data", {}).get("as_of", ""),
            "commit": one.commit[:12],
            "metrics": one.manifest.get("metrics", {}),
        }
        for one in reversed(versions)
    ]


def table(lines: list[dict[str, Any]]) -> str:
    """Lay versions out in columns; of the metrics the first ones."""
    if not lines:
        return "no version is registered"
    head = ("version", "day", "stage", "verdict", "model", "data as of", "commit", "metrics")
    rows = [head, *map(cells, lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    padded = [zip(row, widths, strict=True) for row in rows]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in row).rstrip() for row in padded)


def cells(line: dict[str, Any]) -> tuple[str, ...]:
    """Set a version as a line of the table."""
    verdict = "accepted" if line["accepted"] else "no verdict"
    some = list(line["metrics"].items())[:METRICS]
    return (
        line["version"],
        line["day"],
        ", ".join(line["stages"]) or "-",
        "quarantined" if line["quarantined"] else verdict,
        line["model"],
        str(line["as_of"]),
        line["commit"],
        ", ".join(f"{name} {value:.4f}" for name, value in some),
    )


def card(version: Version, events: list[Event], text: str) -> str:
    """Add to a model's card what the registry knows of it, as Markdown."""
    own = [one for one in events if one.version == version.name]
    history = [f"- {one.when}: {one.action} {one.stage or one.why}, by {one.by}" for one in own]
    shown = ("release", "commit", "data", "features", "gate", "image", "by", "when")
    told = flat({name: version.manifest.get(name) for name in shown})
    lines = [f"| {name} | {value} |" for name, value in told.items()]
    release = ["## Release", "", "| | |", "| --- | --- |", *lines]
    return "\n".join([text, *release, "", "## History", "", *(history or ["- none yet"])]) + "\n"
