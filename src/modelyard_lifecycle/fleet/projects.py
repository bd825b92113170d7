"""Find the projects of a repository: at its top, or in folders of a monorepo."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError
from ..project import Project, project_folders, read_project
from .sources import Source


@dataclass(frozen=True)
class Found:
    """A project, or the reason why there is none.

    Attributes:
        name: the repository's name, and the project's folder unless it is at the top.
        folder: the project's folder; None if the repository cannot be cloned.
        project: the project; None if it cannot be read.
        fault: the reason.
    """

    name: str
    folder: Path | None
    project: Project | None
    fault: str = ""


def find_projects(
    source: Source, fetch: Callable[[Source], Path], answers_file: str | None
) -> list[Found]:
    """Return each project of a source, or one entry with the reason why there is none.

    Args:
        source: the repository, or a folder of it.
        fetch: returns the source's folder.
        answers_file: the name of the answers file to use if a project has several.
    """
    try:
        top = fetch(source)
    except UserError as error:
        return [Found(source.name, None, None, str(error))]
    return [
        _read("/".join([source.name, *folder.relative_to(top).parts]), folder, answers_file)
        for folder in project_folders(top, answers_file) or [top]
    ]


def _read(name: str, folder: Path, answers_file: str | None) -> Found:
    try:
        return Found(name, folder, read_project(folder, answers_file))
    except UserError as error:
        return Found(name, folder, None, str(error))
