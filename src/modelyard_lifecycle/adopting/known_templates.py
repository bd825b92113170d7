"""Detect the kind of a repository by its files, and map its folders to the template's."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("known_templates.toml")


@dataclass(frozen=True)
class Kind:
    """A kind of repository.

    Attributes:
        name: the name of the template or layout.
        folders: pairs of a path there and the corresponding path here.
        all: paths that must all exist.
        text: a file and a text that it must contain; None if the paths suffice.
    """

    name: str
    folders: tuple[tuple[str, str], ...]
    all: tuple[str, ...] = ()
    text: tuple[str, str] | None = None

    def matches(self, folder: Path) -> bool:
        """Return whether a repository is of this kind."""
        if not all((folder / name).exists() for name in self.all):
            return False
        return self.text is None or self.text[1] in text_of(folder / self.text[0])


def detect_kind(folder: Path) -> Kind:
    """Return the first kind that matches; the last matches every repository."""
    return next(kind for kind in kinds() if kind.matches(folder))


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of `known_templates.toml` in order."""
    return tuple(_kind(row) for row in tomllib.loads(TABLE.read_text("utf-8"))["kind"])


def text_of(path: Path) -> str:
    """Return a file's text; empty if it does not exist or cannot be read."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _kind(row: dict[str, Any]) -> Kind:
    text = row.get("text")
    return Kind(
        name=row["name"],
        folders=tuple((theirs, ours) for theirs, ours in row["folders"]),
        all=tuple(row.get("all", ())),
        text=(text["file"], text["holds"]) if text else None,
    )
