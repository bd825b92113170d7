"""What an update made of planted edits: lost ones, conflicts that nobody named or had to have."""

import difflib
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from tests.checkout import tree
from tests.template.updates.planting import PARAMS, Files, Planted, files

MARKER = re.compile(rb"(?m)^(<<<<<<< before|>>>>>>> after) updating")


def lost(project: Path, marks: Mapping[str, bytes]) -> list[str]:
    """Return the files whose planted bytes are nowhere in the project."""
    held = b"\n".join((project / name).read_bytes() for name in tree(project))
    return sorted(name for name, mark in marks.items() if mark not in held)


def changed(project: Path, mine: Files) -> list[str]:
    """Return the files that are no longer, byte for byte, as their users left them."""
    there = files(project)
    return sorted(name for name, held in mine.items() if there.get(name) != held)


def unnamed(project: Path, named: Collection[str]) -> list[str]:
    """Return the files with a conflict in them that nobody was told of."""
    found = [name for name, held in files(project).items() if MARKER.search(held)]
    patches = [name for name in tree(project) if name.endswith(".rej")]
    return sorted({*found, *patches} - {*named})


def needless(project: Path, named: Collection[str], planted: Planted) -> list[str]:
    """Return the named conflicts of files in which the two sides did not meet."""
    there = files(project)
    return sorted(name for name in named if not _met(name, there.get(name, b""), planted))


def stale(project: Path, named: Collection[str], planted: Planted) -> list[str]:
    """Return the files that did not get what the template brought, or came back unasked."""
    there, away = files(project), {*planted.deleted, *planted.moved}
    kept = {*named, *away, *planted.binary, *PARAMS}
    wanted = {name: held for name, held in planted.new.items() if name not in kept}
    late = [name for name, held in wanted.items() if _unmarked(there.get(name), planted) != held]
    return sorted(late + [name for name in away if name in there])


def _unmarked(held: bytes | None, planted: Planted) -> bytes | None:
    for mark in planted.touched.values():
        held = held and held.replace(mark, b"")
    return held


def _met(name: str, held: bytes, planted: Planted) -> bool:
    """Tell whether what was planted in a file lies in or beside lines that the template changed."""
    return any(
        origin in planted.added or _beside(planted, origin, name)
        for origin, mark in planted.marks.items()
        if mark in held
    )


def _beside(planted: Planted, origin: str, name: str) -> bool:
    base, theirs = (side.splitlines() for side in (planted.old[origin], planted.new[name]))
    place = planted.places.get(origin, -1)
    steps = difflib.SequenceMatcher(None, base, theirs, autojunk=False).get_opcodes()
    spans = [_with_blanks(base, *step[1:3]) for step in steps if step[0] != "equal"]
    return any(begin <= place <= end for begin, end in spans)


def _with_blanks(lines: list[bytes], begin: int, end: int) -> tuple[int, int]:
    """Take in the blank lines around: which of several went, git and difflib may see apart."""
    while begin > 0 and not lines[begin - 1].strip():
        begin -= 1
    while end < len(lines) and not lines[end].strip():
        end += 1
    return begin, end
