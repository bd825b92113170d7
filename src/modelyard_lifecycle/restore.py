"""Restore the edits that `copier update` discards."""

from pathlib import Path

from .compare import Comparison, is_binary
from .git import git, run
from .git_environment import NEUTRAL
from .render import Files

WHY = {"binary": "it is binary and cannot be merged", "dropped": "the template dropped it"}
SIDES = ("before updating", "last update", "after updating")


def restore_edits(
    folder: Path, files: Comparison, old: Files, scratch: Path
) -> tuple[list[str], list[str]]:
    """Restore lost edits in an updated worktree from its newest commit, which still has them.

    Edits of a renamed file are merged into the file's new path. A dropped file and an edited
    binary file are kept as the project has them.

    Args:
        folder: the project's folder in the worktree.
        files: the comparison made before the update.
        old: the files as generated.
        scratch: a temporary folder for git's input files.

    Returns:
        A note for each restored file, and the files with conflicts.
    """
    notes: list[str] = []
    conflicts: list[str] = []
    for loss in files.losses:
        base = old[loss.file]
        mine = _committed_content(folder, loss.file) if loss.moved else None
        if loss.moved and mine is not None and _is_mergeable(folder, loss.moved, mine, base):
            notes.append(f"{loss.file}: your edits were moved to {loss.moved}")
            if not _merge_into(folder / loss.moved, mine, base, scratch):
                conflicts.append(loss.moved)
        else:
            git("checkout", "HEAD", "--", loss.file, folder=folder, settings=NEUTRAL)
            why = WHY.get(loss.why, f"the template {loss.why}")
            notes.append(f"{loss.file}: your version is kept; {why}")
    return notes, conflicts


def _committed_content(folder: Path, name: str) -> bytes | None:
    """Return a file's content in the newest commit; None for a symbolic link."""
    if git("ls-tree", "HEAD", "--", name, folder=folder).startswith(b"120000"):
        return None
    return git("show", f"HEAD:./{name}", folder=folder)


def _is_mergeable(folder: Path, moved: str, mine: bytes, base: bytes) -> bool:
    """Return whether edits can be merged into the new path: a new, regular text file."""
    path = folder / moved
    if path.is_symlink() or not path.is_file():
        return False
    if run("cat-file", "-e", f"HEAD:./{moved}", folder=folder).returncode == 0:
        return False
    return not any(map(is_binary, (mine, base, path.read_bytes())))


def _merge_into(path: Path, mine: bytes, base: bytes, scratch: Path) -> bool:
    """Merge the edits of a file into its new path; return whether there was no conflict."""
    for side, content in zip(SIDES, (mine, base, path.read_bytes()), strict=True):
        (scratch / side).write_bytes(content)
    labels = [arg for side in SIDES for arg in ("-L", side)]
    done = run("merge-file", "-p", *labels, *(str(scratch / side) for side in SIDES))
    path.write_bytes(done.stdout)
    return done.returncode == 0
