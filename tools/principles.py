"""Write the page and the picture of the MLOps principles, or check that they are up to date.

Run: .venv/bin/python -m tools.principles [--check]

docs/reference/principles.yml says what fulfils each requirement of the source; from it are made
docs/reference/principles.md and docs/pictures/principles.svg.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tools.principles_picture import draw

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs" / "reference" / "principles.yml"
PAGE = ROOT / "docs" / "reference" / "principles.md"
PICTURE = ROOT / "docs" / "pictures" / "principles.svg"
HEAD = """\
# Requirements of the MLOps principles

The {count} requirements of [ml-ops.org](https://ml-ops.org/content/mlops-principles) (INNOQ,
CC BY 4.0) in our own words: the automation level from which a project fulfils each, where it is
implemented, and the tests that prove it. [MLOps principles](../explanation/principles.md) is a
summary.

Paths are relative to a project (`P/` is its package, `R/` the runtime in `src/modelyard/`) or, with
the prefix `repo:`, to the template's repository. “See” names the rows that fulfil a requirement;
“Open” says what is missing, or who decides it instead. A test checks that each file exists at the
given level and that each test exists.

This page is generated from `principles.yml` by `python -m tools.principles`.
"""
COLUMNS = "| id | requirement | level | where | tests |\n| --- | --- | --- | --- | --- |"


@dataclass(frozen=True)
class Row:
    """A requirement: what it says, from which level and by what it is fulfilled."""

    says: str
    level: int
    files: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    open: str = ""

    @property
    def is_fulfilled(self) -> bool:
        """Whether tests or other rows prove it."""
        return bool(self.tests or self.see)


Parts = dict[str, dict[str, Row]]


def read(text: str) -> Parts:
    """Read the rows by part.

    Args:
        text: the content of principles.yml.

    Raises:
        TypeError: a row has an unknown entry, or lacks one.
    """
    parts = yaml.safe_load(text)
    return {part: {name: parsed(row) for name, row in rows.items()} for part, rows in parts.items()}


def parsed(row: Mapping[str, object]) -> Row:
    """Return a row of the file with its lists as tuples."""
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Row(**values)  # type: ignore[arg-type]


def page(parts: Parts) -> str:
    """Return the whole page in Markdown."""
    count = sum(map(len, parts.values()))
    return "\n".join([HEAD.format(count=count), *(section(*part) for part in parts.items())])


def section(part: str, rows: Mapping[str, Row]) -> str:
    """Return the table of a part."""
    return (
        "\n".join([f"## {part}\n\n{COLUMNS}", *(line(name, row) for name, row in rows.items())])
        + "\n"
    )


def line(name: str, row: Row) -> str:
    """Return a row of the table."""
    level = str(row.level) if row.is_fulfilled else "–"
    see = f"see {', '.join(row.see)}" if row.see else ""
    left = f"Open: {row.open.removesuffix('.')}" if row.open else ""
    where = "; ".join(filter(None, [see, quoted(row.files), left]))
    return f"| {name} | {row.says} | {level} | {where} | {quoted(row.tests)} |"


def quoted(names: tuple[str, ...]) -> str:
    """Return paths or tests as code."""
    return ", ".join(f"`{name}`" for name in names)


def shares(parts: Parts) -> dict[str, list[int]]:
    """Return the counts of each part."""
    return {part: counts(rows) for part, rows in parts.items()}


def counts(rows: Mapping[str, Row]) -> list[int]:
    """Return the number of rows by level, and of those that are not fulfilled."""
    fulfilled = [row.level for row in rows.values() if row.is_fulfilled]
    return [*(fulfilled.count(level) for level in (1, 2, 3)), len(rows) - len(fulfilled)]


def main() -> int:
    """Write both files; with --check, only compare and return 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, compare")
    check = parser.parse_args().check
    parts = read(SOURCE.read_text("utf-8"))
    made = {PAGE: page(parts), PICTURE: draw(shares(parts))}
    stale = [f for f, text in made.items() if not f.is_file() or f.read_text("utf-8") != text]
    for file in stale:
        if check:
            print(f"{file.relative_to(ROOT)} is out of date: run python -m tools.principles")
        else:
            file.write_text(made[file], "utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
