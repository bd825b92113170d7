"""Preview the diff that an update would make, in a copy of the project's repository."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from .apply import apply_update
from .git import git, top_folder
from .git_environment import NEUTRAL
from .progress import OnStep
from .project import Project
from .runtime import Edits
from .worktree import git_output

# Files of Git LFS stay pointers: the copy cannot fetch what they point to.
COPY = NEUTRAL | {"filter.lfs.smudge": "cat", "filter.lfs.process": "", "filter.lfs.required": ""}
DIFF = ("diff", "--cached", "--no-ext-diff", "--no-textconv", "--find-renames")
MERGED = (
    "note: {} of the runtime was edited, so an update stops until you choose what becomes of your "
    "edits; this diff is that of --keep-runtime-edits"
)


def print_diff(diff: bytes, runtime_edits: list[str]) -> None:
    """Print the diff of an update on stdout, and on stderr that an update would stop first."""
    if runtime_edits:
        typer.echo(MERGED.format(runtime_edits[0]), err=True)
    sys.stdout.flush()
    sys.stdout.buffer.write(diff)
    sys.stdout.buffer.flush()


def preview(project: Project, newest: str, on_step: OnStep) -> bytes:
    """Return the diff that an update would make; conflicts have markers, uv.lock is left out.

    It has colours if it is for a terminal.

    Edits of the runtime, at which an update stops, are merged.

    Args:
        project: the project; nothing in its repository is changed.
        newest: the version to update to.
        on_step: called with the name of each step.

    Raises:
        UserError: the update fails.
    """
    top = top_folder(project.folder)
    prefix = git_output("rev-parse", "--show-prefix", folder=project.folder)
    with TemporaryDirectory(prefix="modelyard-") as name:
        on_step("copying the repository")
        copy = _copy(top, Path(name) / "copy")
        there = replace(project, folder=copy / prefix)
        apply_update(there, newest, {}, Edits.KEEP, on_step)
        git("add", "--force", "--all", folder=copy, settings=COPY)
        colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        words = (*DIFF, f"--color={'always' if colours else 'never'}", "HEAD")
        return git(*words, folder=copy, settings=COPY)


def _copy(top: Path, copy: Path) -> Path:
    """Return a clone of a repository whose newest commit has the files as they are there now."""
    clone = ("clone", "--quiet", "--shared", "--no-checkout", "--", str(top), str(copy))
    git(*clone, settings=COPY)
    git("read-tree", "HEAD", folder=copy, settings=COPY)
    tree = ("--work-tree", str(top), "add", "--update")
    git(*tree, folder=copy, settings=COPY)
    identity = {"user.name": "modelyard", "user.email": "modelyard@localhost"}
    words = ("--quiet", "--allow-empty", "--no-verify", "--message", "As it is")
    git("commit", *words, folder=copy, settings=COPY | identity)
    git("reset", "--quiet", "--hard", folder=copy, settings=COPY)
    return copy
