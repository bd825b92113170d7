"""Bring a project to its template's newest version: aside first, then for good."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .answers import changed, refuse_unasked
from .compare import compare
from .environment import TestsFail, fast_tests, relocked
from .errors import Fault
from .fast_copier import Quick
from .git import git
from .project import Project
from .render import render, told_by_copier
from .restore import put_back
from .runtime import Edits, drop, refuse
from .template import is_behind, releases
from .worktree import Aside, aside, said, take_over

UPDATED, CONFLICTS = 0, 20


@dataclass
class Update:
    """What an update did.

    Attributes:
        template, version, newest: where the project was, and where it is going.
        wanted: whether there was anything to do.
        kept: what was saved from being lost, in words.
        notes: what else is to be known.
        conflicts: files in which both sides changed the same lines.
        commit: the new commit, if there are none.
        aside, branch, home: the working tree to resolve them in, its branch, the project's own.
    """

    template: str
    version: str
    newest: str
    wanted: bool = True
    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    commit: str = ""
    aside: str = ""
    branch: str = ""
    home: str = ""

    @property
    def code(self) -> int:
        """Return the exit code."""
        return CONFLICTS if self.conflicts else UPDATED


def update(
    project: Project, wanted: Mapping[str, Any], test: bool, edits: Edits = Edits.STOP
) -> Update:
    """Update a project; its branch moves only if there is no conflict and the tests pass.

    Args:
        project: what is known of it.
        wanted: answers to change; None for those that stay, a list adds to the one recorded.
        test: whether to run the project's fast tests first.
        edits: what to do if the project's runtime was edited.

    Raises:
        Fault: it cannot be done; the project is as it was.
    """
    known = releases(project.template)
    changes = changed(project, wanted)
    done = Update(project.template, project.version, known[-1])
    done.wanted = is_behind(project.version, known, project.template) or bool(changes)
    if done.wanted:
        with aside(project.folder, f"modelyard-{done.newest}") as made:
            _try(project, changes, made, done, edits)
            if done.conflicts:
                _keep_aside(made, done)
            else:
                _move_on(made, done, test)
    return done


def prepare(project: Project, newest: str, branch: str, test: bool) -> Update:
    """Leave an update as one commit on a branch of its own; the project's branch does not move.

    Args:
        project: what is known of it; it must be behind.
        newest: the version to go to.
        branch: the branch to make; it is not made if there are conflicts.
        test: whether to run the project's fast tests first.

    Raises:
        Fault: it cannot be done; the project is as it was.
    """
    done = Update(project.template, project.version, newest)
    with aside(project.folder, branch) as made:
        _try(project, {}, made, done, Edits.STOP)
        if not done.conflicts:
            _commit(made, done, test)
            done.branch, made.ready = branch, True
    return done


def _try(
    project: Project, changes: dict[str, Any], made: Aside, done: Update, edits: Edits
) -> None:
    """Let Copier update the working tree aside, then put back what it took away."""
    before = replace(project, folder=made.folder)
    after = replace(before, answers={**project.answers, **changes})
    with TemporaryDirectory(prefix="modelyard-") as name:
        scratch = Path(name)
        old = render(before, project.version, scratch / "born")
        new = render(after, done.newest, scratch / "newest")
        refuse_unasked(changes, scratch / "newest" / project.answers_file, done.newest)
        foretold = compare(made.folder, old, new, scratch / "compared")
        if edits is Edits.STOP:
            refuse(foretold.runtime_edits)
        _let_copier(before, changes, done.newest)
        if edits is Edits.DROP:
            done.notes += drop(made.folder, foretold.runtime_edits, scratch / "newest")
            lost = [one for one in foretold.losses if one.file not in foretold.runtime_edits]
            foretold = replace(foretold, losses=lost)
        done.kept, done.conflicts = put_back(made.folder, foretold, old, scratch)
    done.conflicts = sorted({*done.conflicts, *unresolved(made.folder)})


def _let_copier(project: Project, changes: dict[str, Any], version: str) -> None:
    with (
        told_by_copier(f"{project.template} {version} cannot be updated to"),
        Quick(
            dst_path=project.folder,
            data=changes,
            answers_file=Path(project.answers_file),
            vcs_ref=version,
            defaults=True,
            overwrite=True,
            quiet=True,
        ) as worker,
    ):
        worker.run_update()


def unresolved(folder: Path) -> list[str]:
    """Return the files that git knows as half merged, and patches that were left aside."""
    listed = git("ls-files", "--unmerged", "-z", folder=folder).decode().split("\0")
    halves = {line.split("\t", 1)[1] for line in listed if line}
    new = git("ls-files", "--others", "--exclude-standard", "-z", folder=folder).decode()
    return sorted(halves | {name for name in new.split("\0") if name.endswith(".rej")})


def _keep_aside(made: Aside, done: Update) -> None:
    """Let the working tree stay, for the conflicts to be resolved there."""
    made.kept = True
    done.aside, done.branch, done.home = str(made.top), made.branch, str(made.home)
    if (made.folder / "uv.lock").exists():
        done.notes.append("uv.lock: still the old one; run uv lock when all is resolved")


def _move_on(made: Aside, done: Update, test: bool) -> None:
    """Commit what was tried and move the project's branch on to it."""
    try:
        _commit(made, done, test)
    except TestsFail as failed:
        made.kept = True
        raise Fault(f"{failed}; look at {made.top}, your branch is as it was") from failed
    take_over(made)


def _commit(made: Aside, done: Update, test: bool) -> None:
    """Commit what was tried, if the tests that were asked for pass."""
    done.notes += relocked(made.folder)
    if test:
        done.notes += fast_tests(made)
    git("add", "--all", folder=made.top)
    message = f"Update the template from {done.version} to {done.newest}"
    git("commit", "--quiet", "--no-verify", "--allow-empty", "--message", message, folder=made.top)
    done.commit = said("rev-parse", "--short", "HEAD", folder=made.top)
