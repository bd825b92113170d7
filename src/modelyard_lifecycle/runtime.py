"""The runtime in a project, src/modelyard: an update does not merge edits there unasked."""

import shutil
from enum import Enum
from pathlib import Path

from .errors import Fault
from .git import git

FOLDER = "src/modelyard/"


class Edits(Enum):
    """What an update does if files of the runtime were edited."""

    STOP = "stop"
    KEEP = "keep"
    DROP = "drop"


def chosen(*, keep: bool, drop: bool) -> Edits:
    """Return what the options ask for.

    Raises:
        Fault: they ask for both.
    """
    if keep and drop:
        raise Fault("--keep-runtime-edits and --drop-runtime-edits exclude each other; choose one")
    return Edits.KEEP if keep else Edits.DROP if drop else Edits.STOP


def in_runtime(names: list[str]) -> list[str]:
    """Return those files that belong to the runtime."""
    return sorted(name for name in names if name.startswith(FOLDER))


def refuse(edited: list[str]) -> None:
    """Stop where files of the runtime were edited or deleted.

    Raises:
        Fault: there are such files; it says how to go on.
    """
    if edited:
        more = f" and {len(edited) - 1} more" if len(edited) > 1 else ""
        raise Fault(
            f"{edited[0]}{more} in the runtime differs from the template's; choose: "
            "--keep-runtime-edits merges the edits as in any file, "
            "--drop-runtime-edits takes the template's files"
        )


def drop(folder: Path, edited: list[str], rendered: Path) -> list[str]:
    """Replace edited files of the runtime by the newest version's; return what was done in words.

    Args:
        folder: the project's folder in the working tree aside.
        edited: files of the runtime that were edited or deleted.
        rendered: the newest version's render; files that it lacks are removed.
    """
    for name in edited:
        (folder / name).unlink(missing_ok=True)
        if (rendered / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(rendered / name, folder / name, follow_symlinks=False)
        git("update-index", "--add", "--remove", "--", name, folder=folder)
    return [f"{name}: your edits are dropped; the commit before has them" for name in edited]
