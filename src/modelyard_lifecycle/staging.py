"""Stage what an update has written, so that no rendered file is left out of its commit."""

import os
from collections.abc import Collection
from pathlib import Path

from .errors import UserError
from .git import git, run, stage
from .git_environment import NEUTRAL
from .stored import filtered_paths, is_pointer


def stage_update(
    folder: Path, old: Collection[str], new: Collection[str], conflicts: Collection[str]
) -> None:
    """Stage an update in its worktree, except for the files with conflicts.

    Args:
        folder: the project's folder in the worktree.
        old: the files of the recorded version.
        new: the files of the newest version, of which each must be in the project afterwards,
            unless the project had deleted it.
        conflicts: the files with conflicts.

    Raises:
        UserError: a rendered file would not be part of the commit.
    """
    deleted = {*old} - _paths("ls-tree", "-r", "--name-only", "HEAD", folder=folder)
    left = [f":(exclude,literal){name}" for name in conflicts]
    git("add", "--update", "--", ".", *left, folder=folder, settings=NEUTRAL)
    stage(folder, [one for one in new if one not in conflicts and (folder / one).is_file()])
    missing = {*new} - {*conflicts} - deleted - _paths("ls-files", folder=folder)
    if missing:
        raise UserError(
            f"{min(missing)} is in the template's newest version but would not be in the update; "
            "nothing was changed"
        )
    _refuse_contents_for_pointers(folder)


def _refuse_contents_for_pointers(folder: Path) -> None:
    """Refuse to replace a pointer of Git LFS by a content, as git does where LFS is missing."""
    changed = _paths("diff", "--cached", "--name-only", "--relative", "HEAD", folder=folder)
    for name in sorted(filtered_paths(folder, changed)):
        before, after = (run("show", f"{side}:./{name}", folder=folder) for side in ("HEAD", ""))
        if is_pointer(before.stdout) and after.returncode == 0 and not is_pointer(after.stdout):
            raise UserError(
                f"{name} is stored in Git LFS, which is not installed here; install it, run "
                "git lfs install, and repeat this command; nothing was changed"
            )


def unresolved_files(folder: Path) -> list[str]:
    """Return the unmerged files of git's index and the patches (.rej) that did not apply."""
    unmerged = {one.split("\t", 1)[1] for one in _paths("ls-files", "--unmerged", folder=folder)}
    new = _paths("ls-files", "--others", folder=folder)
    return sorted(unmerged | {name for name in new if name.endswith(".rej")})


def _paths(command: str, *words: str, folder: Path) -> set[str]:
    """Return the paths that a git command lists, relative to a folder."""
    listed = git(command, "-z", *words, folder=folder)
    return {*os.fsdecode(listed).split("\0")} - {""}
