"""Edits of the vendored runtime (src/modelyard): an update refuses, keeps or drops them."""

import shutil
from enum import Enum
from pathlib import Path

from .errors import UserError
from .git import git

FOLDER = "src/modelyard/"


class Edits(Enum):
    """How an update treats edited files of the runtime."""

    STOP = "stop"
    KEEP = "keep"
    DROP = "drop"


def choose_edits(*, keep: bool, drop: bool) -> Edits:
    """Return how to treat edits according to the command's options.

    Raises:
        UserError: both options are given.
    """
    if keep and drop:
        raise UserError(
            "--keep-runtime-edits and --drop-runtime-edits are mutually exclusive; choose one"
        )
    return Edits.KEEP if keep else Edits.DROP if drop else Edits.STOP


def runtime_files(names: list[str]) -> list[str]:
    """Return the files that belong to the runtime, sorted."""
    return sorted(name for name in names if name.startswith(FOLDER))


def refuse_edits(edited: list[str]) -> None:
    """Refuse to continue if files of the runtime were edited or deleted.

    Raises:
        UserError: there are such files; the message names the options.
    """
    if edited:
        more = f" and {len(edited) - 1} more" if len(edited) > 1 else ""
        raise UserError(
            f"{edited[0]}{more} of the runtime differs from the template's version; "
            "to merge your edits, use --keep-runtime-edits; "
            "to discard them, use --drop-runtime-edits"
        )


def drop_edits(folder: Path, edited: list[str], rendered: Path) -> list[str]:
    """Replace edited files of the runtime by the newest version's; return a note for each file.

    Args:
        folder: the project's folder in the worktree.
        edited: files of the runtime that were edited or deleted.
        rendered: the rendered newest version; files that it lacks are removed.
    """
    for name in edited:
        (folder / name).unlink(missing_ok=True)
        if (rendered / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(rendered / name, folder / name, follow_symlinks=False)
        git("update-index", "--add", "--remove", "--", name, folder=folder)
    return [f"{name}: your edits were dropped; the previous commit has them" for name in edited]
