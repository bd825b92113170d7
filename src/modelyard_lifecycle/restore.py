"""What an update would silently take away is put back."""

from pathlib import Path

from .compare import Comparison, is_binary
from .git import git, run
from .render import Files

WHY = {"binary": "the template has another one", "dropped": "the template has dropped it"}
SIDES = ("before updating", "last update", "after updating")


def put_back(
    folder: Path, files: Comparison, old: Files, scratch: Path
) -> tuple[list[str], list[str]]:
    """Put lost edits back into an updated working tree; its newest commit still has them.

    A renamed file's edits go to the file's new place, line by line. A file that the template has
    dropped, and a binary one that both sides have changed, stay as the project has them.

    Args:
        folder: the project's folder in the working tree.
        files: what was foretold.
        old: the files as they were born.
        scratch: a folder for what git needs as files.

    Returns:
        what was done in words, and the files in which both sides changed the same lines.
    """
    told: list[str] = []
    conflicts: list[str] = []
    for loss in files.losses:
        base = old[loss.file]
        mine = _committed(folder, loss.file) if loss.moved else None
        if loss.moved and mine is not None and _is_new_text(folder, loss.moved, mine, base):
            told.append(f"{loss.file}: your edits went along to {loss.moved}")
            if not _merged(folder / loss.moved, mine, base, scratch):
                conflicts.append(loss.moved)
        else:
            git("checkout", "HEAD", "--", loss.file, folder=folder)
            why = WHY.get(loss.why, f"the template has {loss.why}")
            told.append(f"{loss.file}: stays as you had it; {why}")
    return told, conflicts


def _committed(folder: Path, name: str) -> bytes | None:
    """Return a file of the newest commit; None for a link, which has no lines to merge."""
    if git("ls-tree", "HEAD", "--", name, folder=folder).startswith(b"120000"):
        return None
    return git("show", f"HEAD:./{name}", folder=folder)


def _is_new_text(folder: Path, moved: str, mine: bytes, base: bytes) -> bool:
    """Tell whether lines can be merged into a new place: text, no link, and empty before."""
    there = folder / moved
    if there.is_symlink() or not there.is_file():
        return False
    if run("cat-file", "-e", f"HEAD:./{moved}", folder=folder).returncode == 0:
        return False
    return not any(map(is_binary, (mine, base, there.read_bytes())))


def _merged(there: Path, mine: bytes, base: bytes, scratch: Path) -> bool:
    """Merge the edits of a file into its new place; tell whether without a conflict."""
    for side, held in zip(SIDES, (mine, base, there.read_bytes()), strict=True):
        (scratch / side).write_bytes(held)
    labels = [word for side in SIDES for word in ("-L", side)]
    done = run("merge-file", "-p", *labels, *(str(scratch / side) for side in SIDES))
    there.write_bytes(done.stdout)
    return done.returncode == 0
