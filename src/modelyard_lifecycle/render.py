"""A fresh render of one version of a template with a project's answers, by Copier."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from copier import run_copy
from copier._main import as_operation

from .errors import Fault
from .fast_copier import Quick
from .project import Project

Files = dict[str, bytes]


def render(project: Project, version: str, folder: Path) -> Files:
    """Render a version into an empty folder and return path to bytes, without the answers file.

    Raises:
        Fault: Copier cannot render it.
    """
    with told_by_copier(f"{project.template} {version} cannot be rendered"):
        _render_for_update(project, version, folder)
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    if project.answers_file not in found:
        raise Fault(
            f"{project.template} {version} writes no {project.answers_file}; "
            "it is not the template that this project was born from"
        )
    kept = {name: content(path) for name, path in found.items() if name != project.answers_file}
    return {name: held for name, held in kept.items() if held is not None}


# An update leaves out what _exclude names for updates; no public call renders that alone.
@as_operation("update")
def _render_for_update(project: Project, version: str, folder: Path) -> None:
    with Quick(
        src_path=project.template,
        dst_path=folder,
        data=dict(project.answers),
        answers_file=Path(project.answers_file),
        vcs_ref=version,
        defaults=True,
        quiet=True,
    ) as worker:
        worker.run_copy()


@as_operation("update")
def render_over(template: str, version: str, folder: Path, data: Mapping[str, Any]) -> None:
    """Render a version over the files in a folder, as an update does it: some are left alone."""
    run_copy(
        template, folder, data=dict(data), vcs_ref=version, defaults=True, overwrite=True,
        quiet=True,
    )  # fmt: skip


@contextmanager
def told_by_copier(what: str) -> Iterator[None]:
    """Turn what Copier raises into a fault that begins with what could not be done.

    Raises:
        Fault: Copier failed.
    """
    try:
        yield
    except Fault:
        raise
    except Exception as failed:  # Copier has no common error: ValueError, git's, Jinja's
        reason = [line for line in str(failed).splitlines() if line.strip()] or [repr(failed)]
        raise Fault(f"{what}: {reason[-1].strip()}") from failed


def content(path: Path) -> bytes | None:
    """Return a file's bytes, a link's target, or None where there is neither.

    Raises:
        Fault: the file cannot be read.
    """
    if path.is_symlink():
        return os.fsencode(path.readlink())
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as unread:
        raise Fault(f"{path} cannot be read: {unread.strerror}") from unread
