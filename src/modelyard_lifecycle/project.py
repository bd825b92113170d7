"""A generated project: its folder, template, version and answers, read from its answers file."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .credentials import without_credentials
from .errors import UserError
from .git import git, run, top_folder
from .yaml_file import read_yaml

PATTERN = ".copier-answers*.y*ml"
SOURCE_LINE = re.compile(r"(?m)^_src_path:.*(\n +.*)*")


@dataclass(frozen=True)
class Project:
    """The recorded state of a project, read without access to its template."""

    folder: Path
    answers_file: str
    template: str
    version: str
    answers: Mapping[str, Any]

    @property
    def shown_template(self) -> str:
        """Return the template's address without credentials, for messages and reports."""
        return without_credentials(self.template)


def read_project(folder: Path, answers_file: str | None) -> Project:
    """Read the project in a folder.

    Raises:
        UserError: the folder is not in a git repository, a merge is unfinished, or there is not
            exactly one valid answers file.
    """
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder; name the folder of a project")
    top_folder(folder)
    refuse_unfinished_merge(folder)
    name = answers_file or _only_answers_file(folder)
    found = read_answers(folder / name)
    return Project(
        folder=folder,
        answers_file=name,
        template=_text(found, "_src_path", name),
        version=_text(found, "_commit", name),
        answers=_public(found),
    )


def project_folders(top: Path, answers_file: str | None = None) -> list[Path]:
    """Return the folders at and below a folder with an answers file that git tracks.

    The folder itself is one of them if its answers file is new.
    """
    pattern = answers_file or PATTERN
    listed = run("ls-files", "-z", "--", f":(glob)**/{pattern}", folder=top).stdout
    files = [top / os.fsdecode(name) for name in listed.split(b"\0")[:-1]]
    return sorted({file.parent for file in [*files, *top.glob(pattern)] if file.is_file()})


def refuse_unfinished_merge(folder: Path) -> None:
    """Refuse a repository with an unfinished merge.

    Raises:
        UserError: a file is unmerged in git's index.
    """
    unmerged = git("ls-files", "--unmerged", "-z", folder=folder).decode().split("\0")[0]
    if unmerged:
        file = unmerged.split("\t", 1)[1]
        raise UserError(
            f"{file} is unmerged; resolve the conflict and commit, or run: git merge --abort"
        )


def _only_answers_file(folder: Path) -> str:
    names = sorted(path.name for path in folder.glob(PATTERN))
    if not names:
        raise UserError(
            f"{folder} has no .copier-answers.yml; it was not generated from a Copier template"
        )
    if len(names) > 1:
        raise UserError(
            f"{folder} has {len(names)} answers files; choose one: --answers-file {names[0]}"
        )
    return names[0]


def read_answers(path: Path) -> dict[str, Any]:
    """Return the answers of a YAML file.

    Raises:
        UserError: the file cannot be read or is not a mapping with text keys.
    """
    found = read_yaml(path)
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise UserError(f"{path} contains no answers; each line must be of the form name: value")
    return found


def read_public_answers(path: Path) -> dict[str, Any]:
    """Return the answers of a YAML file without Copier's own entries, such as `_commit`.

    Raises:
        UserError: as `read_answers`.
    """
    return _public(read_answers(path))


def _public(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if not name.startswith("_")}


def record_without_credentials(folder: Path) -> bool:
    """Remove credentials from the template's address in the answers files of a new project.

    Returns:
        Whether there were any; the address without them may need a credential helper of git.
    """
    before = {file: file.read_bytes().decode() for file in folder.glob(PATTERN)}
    after = {
        file: SOURCE_LINE.sub(lambda line: without_credentials(line[0]), text)
        for file, text in before.items()
    }
    for file in (file for file in before if before[file] != after[file]):
        file.write_bytes(after[file].encode())
    return before != after


def _text(found: Mapping[str, Any], key: str, name: str) -> str:
    value = found.get(key)
    if not isinstance(value, str) or not value or value.startswith("-"):
        raise UserError(f"{name}: {key} is {value!r}, must be the text that Copier recorded")
    return value
