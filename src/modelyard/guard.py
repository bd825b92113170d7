"""What an update would silently take away is put back."""

from pathlib import Path

from .compare import Comparison, Loss, is_binary
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
        if loss.moved and _is_text_on_all_sides(folder, loss, old[loss.file]):
            told.append(f"{loss.file}: your edits went along to {loss.moved}")
            if not _merged(folder, loss.file, loss.moved, old[loss.file], scratch):
                conflicts.append(loss.moved)
        else:
            git("checkout", "HEAD", "--", loss.file, folder=folder)
            why = WHY.get(loss.why, f"the template has {loss.why}")
            told.append(f"{loss.file}: stays as you had it; {why}")
    return told, conflicts


def _is_text_on_all_sides(folder: Path, loss: Loss, base: bytes) -> bool:
    """Tell whether lines can be merged: text, no link, and a new place that was empty."""
    there = folder / str(loss.moved)
    if there.is_symlink() or not there.is_file():
        return False
    if run("cat-file", "-e", f"HEAD:./{loss.moved}", folder=folder).returncode == 0:
        return False
    if git("ls-tree", "HEAD", "--", loss.file, folder=folder).startswith(b"120000"):
        return False
    mine = git("show", f"HEAD:./{loss.file}", folder=folder)
    return not any(map(is_binary, (mine, base, there.read_bytes())))


def _merged(folder: Path, name: str, moved: str, base: bytes, scratch: Path) -> bool:
    """Merge the edits of a file into its new place; tell whether without a conflict."""
    mine = git("show", f"HEAD:./{name}", folder=folder)
    sides = (mine, base, (folder / moved).read_bytes())
    for side, held in zip(SIDES, sides, strict=True):
        (scratch / side).write_bytes(held)
    labels = [word for side in SIDES for word in ("-L", side)]
    done = run("merge-file", "-p", *labels, *(str(scratch / side) for side in SIDES))
    (folder / moved).write_bytes(done.stdout)
    return done.returncode == 0
