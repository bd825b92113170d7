"""Update a project by Copier or by modelyard, and return the reported conflicts."""

from dataclasses import dataclass
from pathlib import Path

from copier import run_update

from modelyard_lifecycle.project import read_project
from modelyard_lifecycle.runtime import Edits
from modelyard_lifecycle.update import update
from modelyard_lifecycle.update_result import Wanted
from tests.checkout import git


@dataclass(frozen=True)
class Updated:
    """The folder with the result of an update, and the reported conflicts."""

    folder: Path
    reported: list[str]


def by_copier(project: Path) -> Updated:
    """Update a project by `copier update`; the conflicts are git's unmerged files."""
    run_update(project, defaults=True, overwrite=True, quiet=True)
    unmerged = git(project, "diff", "--name-only", "--diff-filter=U").splitlines()
    return Updated(project, unmerged)


def by_modelyard(project: Path) -> Updated:
    """Update a project by `modelyard update --keep-runtime-edits`."""
    done = update(read_project(project, None), Wanted(edits=Edits.KEEP))
    return Updated(Path(done.worktree) if done.conflicts else project, done.conflicts)
