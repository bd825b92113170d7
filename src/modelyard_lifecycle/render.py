"""Render a version of a template with a project's answers."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from traceback import format_exc
from typing import Any

from copier import run_copy
from copier._main import as_operation

from .errors import UserError
from .fast_copier import FastCopier
from .git_environment import neutral_git
from .project import Project
from .verbose import is_verbose, line_of, show

Files = dict[str, bytes]
REQUIRED = re.compile(r'Question "(\w+)" is required')


def render(
    project: Project, version: str, folder: Path, changes: Mapping[str, Any] | None = None
) -> Files:
    """Render a version into an empty folder; return the files' bytes by path, without the answers.

    Args:
        project: the project whose answers are used.
        version: the version to render.
        folder: the folder to create.
        changes: None for the recorded version, which must accept all recorded answers. For a newer
            one the answers that change: others that it no longer accepts become its default, as in
            `copier update`.

    Raises:
        UserError: Copier fails, or the version writes no answers file.
    """
    with calling_copier(f"{project.template} {version} cannot be rendered"):
        _render_for_update(project, version, folder, changes)
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    if project.answers_file not in found:
        raise UserError(
            f"{project.template} {version} writes no {project.answers_file}; "
            "it is not the template that this project was generated from"
        )
    read = {name: content(path) for name, path in found.items() if name != project.answers_file}
    return {name: bytes_ for name, bytes_ in read.items() if bytes_ is not None}


# _exclude may skip files in updates only; Copier has no public function to render for an update.
@as_operation("update")
def _render_for_update(
    project: Project, version: str, folder: Path, changes: Mapping[str, Any] | None
) -> None:
    with FastCopier(
        src_path=project.template,
        dst_path=folder,
        data=dict(project.answers if changes is None else changes),
        answers_file=Path(project.answers_file),
        vcs_ref=version,
        defaults=True,
        quiet=not is_verbose(),
    ) as worker:
        worker.subproject.last_answers = dict(project.answers)
        worker.run_copy()


@as_operation("update")
def render_over(template: str, version: str, folder: Path, data: Mapping[str, Any]) -> None:
    """Render a version over existing files as an update does, respecting `_skip_if_exists`."""
    run_copy(
        template, folder, data=dict(data), vcs_ref=version, defaults=True, overwrite=True,
        quiet=not is_verbose(),
    )  # fmt: skip


@contextmanager
def calling_copier(message: str) -> Iterator[None]:
    """Give Copier neutral git settings, and convert its exceptions into a user error.

    Args:
        message: the beginning of the error's message.

    Raises:
        UserError: Copier failed.
    """
    try:
        with neutral_git(), redirect_stdout(sys.stderr if is_verbose() else sys.stdout):
            yield
    except UserError:
        raise
    except Exception as failed:  # Copier has no common base: ValueError, git's and Jinja's errors
        show(format_exc())
        raise UserError(f"{message}: {_reason(failed)}") from failed


def _reason(failed: Exception) -> str:
    """Return an exception of Copier as one line."""
    if unanswered := REQUIRED.fullmatch(str(failed)):
        name = unanswered[1]
        return f"it asks {name}, which has no default; answer it: --data {name}=VALUE"
    own: str = getattr(failed, "stderr", "")  # of a command
    output = own or str(failed) or repr(failed)
    lines = output.splitlines()
    named = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    return line_of(output, ([*named, *filter(str.strip, lines)] or [repr(failed)])[0])


def content(path: Path) -> bytes | None:
    """Return a file's bytes, a symbolic link's target, or None if the path is neither.

    Raises:
        UserError: the file cannot be read.
    """
    if path.is_symlink():
        return os.fsencode(path.readlink())
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as unread:
        raise UserError(f"{path} cannot be read: {unread.strerror}") from unread
