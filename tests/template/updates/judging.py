"""Evaluate an update: lost edits, unreported and unnecessary conflicts, files not updated."""

import re
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.checkout import tree
from tests.template.updates.planting import PARAMS, Files, Planted, files

MARKER = re.compile(rb"(?m)^(<<<<<<< before|>>>>>>> after) updating")


def lost(project: Path, marks: Mapping[str, bytes]) -> list[str]:
    """Return the files whose planted bytes are no longer in the project."""
    content = b"\n".join((project / name).read_bytes() for name in tree(project))
    return sorted(name for name, mark in marks.items() if mark not in content)


def changed(project: Path, mine: Files) -> list[str]:
    """Return the users' files that were changed."""
    current = files(project)
    return sorted(name for name, content in mine.items() if current.get(name) != content)


def unreported(project: Path, reported: Collection[str]) -> list[str]:
    """Return the files with conflicts that were not reported."""
    found = [name for name, content in files(project).items() if MARKER.search(content)]
    patches = [name for name in tree(project) if name.endswith(".rej")]
    return sorted({*found, *patches} - {*reported})


def unnecessary(project: Path, reported: Collection[str], planted: Planted) -> list[str]:
    """Return the reported conflicts in files where the two sides changed different lines."""
    current = files(project)
    return sorted(name for name in reported if not _overlaps(name, current.get(name, b""), planted))


def not_updated(project: Path, reported: Collection[str], planted: Planted) -> list[str]:
    """Return the files that lack the template's changes, and deleted files that came back."""
    current, away = files(project), {*planted.deleted, *planted.moved}
    kept = {*reported, *away, *planted.binary, *PARAMS}
    expected = {name: content for name, content in planted.new.items() if name not in kept}
    unmarked = {name: _unmarked(current.get(name), planted) for name in expected}
    missing = [name for name, content in expected.items() if unmarked[name] != content]
    return sorted(missing + [name for name in away if name in current])


def _unmarked(content: bytes | None, planted: Planted) -> bytes | None:
    for mark in planted.touched.values():
        content = content and content.replace(mark, b"")
    return content


def _overlaps(name: str, content: bytes, planted: Planted) -> bool:
    """Return whether a planted edit cannot be merged with the lines that the template changed."""
    return any(
        origin in planted.added or _conflicts(planted, origin, name)
        for origin, mark in planted.marks.items()
        if mark in content
    )


def _conflicts(planted: Planted, origin: str, name: str) -> bool:
    """Return whether git alone cannot merge a planted edit with the template's change."""
    base, theirs = planted.old[origin], planted.new[name]
    lines, place = base.splitlines(keepends=True), planted.places.get(origin)
    lines.insert(len(lines) if place is None else place, planted.marks[origin])
    with TemporaryDirectory() as folder:
        sides = [Path(folder, side) for side in ("ours", "base", "theirs")]
        for side, content in zip(sides, (b"".join(lines), base, theirs), strict=True):
            side.write_bytes(content)
        merge = ["git", "merge-file", "--stdout", "--quiet", *map(str, sides)]
        return subprocess.run(merge, capture_output=True, check=False).returncode != 0
