"""A page in Markdown for each incident, which people may add to."""

from pathlib import Path

from .incidents import Incident
from .texts import duration

MARK = "<!-- below: your notes; the part above is written by modelyard delivery -->"
WHY = {
    "monitor": "`modelyard monitor` ended with exit code 20",
    "canary": "`modelyard canary` refused a candidate (exit code 20)",
    "rollback": "prod was rolled back",
}


def write_pages(folder: Path, found: list[Incident]) -> None:
    """Write the page of each incident; notes of people below the mark are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in found:
        path = folder / f"{one.opened:%Y-%m-%d-%H%M}-{one.rule}.md"
        old = path.read_text("utf-8") if path.is_file() else ""
        notes = old.partition(MARK)[2] or "\n\nCause:\n\nWhat was done:\n"
        path.write_text(page(one) + MARK + notes, "utf-8", newline="\n")


def page(one: Incident) -> str:
    """Return the part of a page that is derived from the records."""
    state = "open"
    if one.closed:
        lasted = duration((one.closed - one.opened).total_seconds())
        state = f"closed {one.closed:%Y-%m-%d %H:%M} UTC, after {lasted}, by {one.recovery}"
    return f"""# Incident of {one.opened:%Y-%m-%d}: {state.split()[0]}

- opened: {one.opened:%Y-%m-%d %H:%M} UTC, because {WHY[one.rule]}
- version: {one.version or "none"}
- state: {state}

"""
