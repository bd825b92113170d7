"""Update a project to the newest version of its template in a worktree, then merge the result."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .answers import describe_changes, differ, given_answers, refuse_unknown_answers
from .compare import compare
from .credentials import without_credentials
from .environment import LOCK_FILE, TestsFail, run_fast_tests, update_lock
from .errors import UserError
from .fast_copier import FastCopier
from .git import commit, stage
from .project import Project, read_public_answers
from .render import calling_copier, render
from .restore import restore_edits
from .runtime import Edits, drop_edits, refuse_edits
from .staging import stage_update, unresolved_files
from .template import is_behind, releases
from .worktree import Worktree, fast_forward, git_output, temporary_worktree

UPDATED, CONFLICTS = 0, 20


@dataclass
class Update:
    """The result of an update.

    Attributes:
        template, version, newest: the template, the project's old version and the newest one.
        needed: whether there was anything to update.
        kept: a note for each file whose edits `copier update` would have lost.
        notes: other notes for the user.
        conflicts: files with conflicts.
        commit: the new commit, if there are no conflicts.
        worktree, branch, repository: where to resolve conflicts, and where to merge the branch.
    """

    template: str
    version: str
    newest: str
    needed: bool = True
    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    commit: str = ""
    worktree: str = ""
    branch: str = ""
    repository: str = ""

    @property
    def code(self) -> int:
        """Return the exit code."""
        return CONFLICTS if self.conflicts else UPDATED


def update(
    project: Project, given: Mapping[str, Any], test: bool, edits: Edits = Edits.STOP
) -> Update:
    """Update a project; its branch moves only if there are no conflicts and the tests pass.

    Args:
        project: the project to update.
        given: answers to change; None keeps the recorded one, a list extends it.
        test: whether to run the project's fast tests first.
        edits: how to treat edits of the project's runtime.

    Raises:
        UserError: the update failed; the project is unchanged.
    """
    known = releases(project.template)
    answers = given_answers(project, given)
    result = Update(without_credentials(project.template), project.version, known[-1])
    result.needed = is_behind(project.version, known, project.template) or differ(project, answers)
    if result.needed:
        with temporary_worktree(project.folder, f"modelyard-{result.newest}") as tree:
            _update_worktree(project, answers, tree, result, edits)
            if result.conflicts:
                _keep_worktree(tree, result)
            else:
                _commit_and_merge(tree, result, test)
    return result


def prepare(project: Project, newest: str, branch: str, test: bool) -> Update:
    """Commit an update on a new branch; the project's current branch does not move.

    Args:
        project: the project, which must be behind.
        newest: the version to update to.
        branch: the branch to create; it is not created if there are conflicts.
        test: whether to run the project's fast tests first.

    Raises:
        UserError: the update failed; the project is unchanged.
    """
    result = Update(without_credentials(project.template), project.version, newest)
    with temporary_worktree(project.folder, branch) as tree:
        _update_worktree(project, {}, tree, result, Edits.STOP)
        if not result.conflicts:
            _commit(tree, result, test)
            result.branch, tree.keep_branch = branch, True
    return result


def _update_worktree(
    project: Project, changes: dict[str, Any], tree: Worktree, result: Update, edits: Edits
) -> None:
    """Run `copier update` in the worktree, then restore the edits that it discarded."""
    before = replace(project, folder=tree.folder)
    with TemporaryDirectory(prefix="modelyard-") as name:
        scratch = Path(name)
        old = render(before, project.version, scratch / "recorded")
        new = render(before, result.newest, scratch / "newest", changes)
        answers = read_public_answers(scratch / "newest" / project.answers_file)
        refuse_unknown_answers(changes, answers, result.newest)
        result.notes += describe_changes(project.answers, answers, except_for=changes)
        compared = compare(tree.folder, old, new, scratch / "compared")
        if edits is Edits.STOP:
            refuse_edits(compared.runtime_edits)
        _run_copier(before, changes, result.newest)
        if edits is Edits.DROP:
            result.notes += drop_edits(tree.folder, compared.runtime_edits, scratch / "newest")
            lost = [loss for loss in compared.losses if loss.file not in compared.runtime_edits]
            compared = replace(compared, losses=lost)
        result.kept, result.conflicts = restore_edits(tree.folder, compared, old, scratch)
    result.conflicts = sorted({*result.conflicts, *unresolved_files(tree.folder)})
    stage_update(tree.folder, old, {*new, project.answers_file}, result.conflicts)


def _run_copier(project: Project, changes: dict[str, Any], version: str) -> None:
    with (
        calling_copier(f"update to {project.template} {version} failed"),
        FastCopier(
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


def _keep_worktree(tree: Worktree, result: Update) -> None:
    """Keep the worktree, so that the conflicts can be resolved there."""
    tree.keep = True
    result.worktree, result.branch = str(tree.top), tree.branch
    result.repository = str(tree.repository)
    if (tree.folder / LOCK_FILE).exists():
        result.notes.append("uv.lock: not updated; run uv lock after resolving the conflicts")


def _commit_and_merge(tree: Worktree, result: Update, test: bool) -> None:
    """Commit the update in the worktree and fast-forward the project's branch."""
    try:
        _commit(tree, result, test)
    except TestsFail as failed:
        tree.keep = True
        raise UserError(f"{failed}; inspect {tree.top}; your branch is unchanged") from failed
    fast_forward(tree)


def _commit(tree: Worktree, result: Update, test: bool) -> None:
    """Commit the update if the tests pass, which run only if `test` is set."""
    result.notes += update_lock(tree.folder)
    stage(tree.folder, [LOCK_FILE] if (tree.folder / LOCK_FILE).exists() else [])
    if test:
        result.notes += run_fast_tests(tree)
    message = f"Update the template from {result.version} to {result.newest}"
    commit(tree.top, message, "--allow-empty")
    result.commit = git_output("rev-parse", "--short", "HEAD", folder=tree.top)
