"""Tables and model cards of registered versions."""

from collections.abc import Mapping
from typing import Any

from . import state
from .events import Event, Version
from .manifest import flatten

METRICS = 3


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
