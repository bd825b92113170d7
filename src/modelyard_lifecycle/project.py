"""A project: its folder, and what its answers file says of its birth."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import Fault
from .git import git, run
from .yaml_file import read_yaml

PATTERN = ".copier-answers*.y*ml"


@dataclass(frozen=True)
class Project:
    """What is known of a project without asking its template."""

    folder: Path
    answers_file: str
    template: str
    version: str
    answers: Mapping[str, Any]


def read_project(folder: Path, answers_file: str | None) -> Project:
    """Read the project in a folder.

    Raises:
        Fault: no git repository, half a merge, no or two answers files, or a wrong one.
    """
    if not folder.is_dir():
        raise Fault(f"{folder} is not a folder; name the folder of a project")
    top = run("rev-parse", "--show-toplevel", folder=folder)
    if top.returncode:
        raise Fault(f"{folder} is not in a git repository; run: git init")
    refuse_a_half_finished_merge(folder)
    name = answers_file or _only_answers_file(folder)
    found = read_answers(folder / name)
    return Project(
        folder=folder,
        answers_file=name,
        template=_text(found, "_src_path", name),
        version=_text(found, "_commit", name),
        answers={key: value for key, value in found.items() if not key.startswith("_")},
    )


def refuse_a_half_finished_merge(folder: Path) -> None:
    """Refuse a repository in the middle of a merge.

    Raises:
        Fault: git knows a file as half merged.
    """
    unmerged = git("ls-files", "--unmerged", "-z", folder=folder).decode().split("\0")[0]
    if unmerged:
        file = unmerged.split("\t", 1)[1]
        raise Fault(
            f"{file} is in the middle of a merge; resolve it and commit, or abort the merge"
        )


def _only_answers_file(folder: Path) -> str:
    names = sorted(path.name for path in folder.glob(PATTERN))
    if not names:
        raise Fault(f"{folder} has no .copier-answers.yml; it was not born from a Copier template")
    if len(names) > 1:
        raise Fault(f"{folder} has {len(names)} answers files; choose: --answers-file {names[0]}")
    return names[0]


def read_answers(path: Path) -> dict[str, Any]:
    """Return the answers that a YAML file holds.

    Raises:
        Fault: it cannot be read, or holds something else.
    """
    found = read_yaml(path)
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise Fault(f"{path} holds no answers; each line must be of the form name: value")
    return found


def _text(found: Mapping[str, Any], key: str, name: str) -> str:
    value = found.get(key)
    if not isinstance(value, str) or not value or value.startswith("-"):
        raise Fault(f"{name}: {key} is {value!r}, must be the text that Copier wrote there")
    return value
