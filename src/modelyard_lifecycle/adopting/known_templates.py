"""Which template a repository came from, as far as its folders tell, and what goes where."""

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
        name: what it is called.
        folders: their folder or file, and ours.
        all: paths that must all be there.
        text: a file and what it holds; None if the paths tell enough.
    """

    name: str
    folders: tuple[tuple[str, str], ...]
    all: tuple[str, ...] = ()
    text: tuple[str, str] | None = None

    def fits(self, folder: Path) -> bool:
        """Tell whether a repository is of this kind."""
        if not all((folder / name).exists() for name in self.all):
            return False
        return self.text is None or self.text[1] in text_of(folder / self.text[0])


def recognised(folder: Path) -> Kind:
    """Return the first kind that fits; the last fits all."""
    return next(kind for kind in kinds() if kind.fits(folder))


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of the table, in its order."""
    return tuple(_kind(row) for row in tomllib.loads(TABLE.read_text("utf-8"))["kind"])


def text_of(path: Path) -> str:
    """Return a file's text; empty if there is none that can be read."""
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
