"""The two ways to take an update, and what each names as a conflict."""

from dataclasses import dataclass
from pathlib import Path

from copier import run_update

from modelyard_lifecycle.project import read_project
from modelyard_lifecycle.runtime import Edits
from modelyard_lifecycle.update import update
from tests.checkout import git


@dataclass(frozen=True)
class Updated:
    """What is to be looked at after an update: a folder, and the conflicts that were named."""

    folder: Path
    named: list[str]


def by_copier(project: Path) -> Updated:
    """Update a project by `copier update`; git's list of half merged files names the conflicts."""
    run_update(project, defaults=True, overwrite=True, quiet=True)
    halves = git(project, "diff", "--name-only", "--diff-filter=U").splitlines()
    return Updated(project, halves)


def by_modelyard(project: Path) -> Updated:
    """Update a project by `modelyard update --keep-runtime-edits`; look at conflicts aside."""
    done = update(read_project(project, None), {}, test=False, edits=Edits.KEEP)
    return Updated(Path(done.aside) if done.conflicts else project, done.conflicts)
