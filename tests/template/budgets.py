"""Limits on the number of a project's files and lines; the runtime is not counted."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.checkout import tree

# By zone: files, lines.
SMALL = {"files": 55, "src files": 12, "src lines": 300, "tests files": 10, "tests lines": 600}
LARGE = {"files": 115, "src files": 14, "src lines": 350, "tests files": 14, "tests lines": 900}
RUNTIME = "src/modelyard/"


def budget(answers: Mapping[str, Any]) -> dict[str, int]:
    """Return the limits for a project, which are lower at level 1 with one target."""
    small = answers["automation_level"] == 1 and len(answers["serving_targets"]) == 1
    return SMALL if small else LARGE


def size(project: Path) -> dict[str, int]:
    """Count a project's files and lines by zone."""
    files = [name for name in tree(project) if not name.startswith(RUNTIME)]
    counts = {"files": len(files)}
    for zone in ("src", "tests"):
        modules = [name for name in files if name.startswith(f"{zone}/") and name.endswith(".py")]
        counts |= {
            f"{zone} files": len(modules),
            f"{zone} lines": lines(project / one for one in modules),
        }
    return counts


def lines(files: Iterable[Path]) -> int:
    """Count the lines of some files."""
    return sum(file.read_bytes().count(b"\n") for file in files)


def exceeded(project: Path, allowed: Mapping[str, int]) -> list[str]:
    """Return the limits that a project exceeds."""
    found = size(project)
    return [
        f"{what}: {found[what]}, at most {most}"
        for what, most in allowed.items()
        if found[what] > most
    ]
