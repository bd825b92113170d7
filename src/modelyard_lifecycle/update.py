"""Update a project to a newer version of its template in a worktree, then merge the result."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from .answers import differ, given_answers
from .apply import apply_update
from .changelog import changelog
from .environment import LOCK_FILE, TestsFail, run_fast_tests, update_lock
from .errors import UserError
from .git import commit, stage
from .progress import OnStep, silent
from .project import Project
from .template import is_behind, releases_until
from .update_result import Update, Wanted
from .worktree import Worktree, fast_forward, git_output, own_name, temporary_worktree


def update(project: Project, wanted: Wanted, on_step: OnStep = silent) -> Update:
    """Update a project; its branch moves only if there are no conflicts and the tests pass.

    Args:
        project: the project to update.
        wanted: what the user wants of the update.
        on_step: called with the name of each step.

    Raises:
        UserError: the update failed; the project is unchanged.
    """
    result = begin(project, wanted, on_step)
    if result.needed:
        name = own_name(project.folder, f"modelyard-{result.newest}")
        with temporary_worktree(project.folder, name) as tree:
            apply(project, wanted, tree, result, on_step)
            if result.conflicts:
                _keep_worktree(tree, result)
            else:
                _commit_and_merge(tree, result, wanted.test, on_step)
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
    result = Update(project.shown_template, project.version, newest)
    with temporary_worktree(project.folder, branch, merged=False) as tree:
        apply(project, Wanted(), tree, result, silent)
        if not result.conflicts:
            commit_update(tree, result, test, silent)
            result.branch, tree.keep_branch = branch, True
    return result


def begin(project: Project, wanted: Wanted, on_step: OnStep) -> Update:
    """Return the result to fill in: whether an update is needed, and what the changelog says.

    Raises:
        UserError: the template cannot be reached or lacks the version.
    """
    on_step(f"reading the releases of {project.shown_template}")
    known = releases_until(project.template, wanted.version, project.version)
    result = Update(project.shown_template, project.version, known[-1])
    behind = is_behind(project.version, known, project.template)
    result.needed = behind or differ(project, given_answers(project, wanted.answers))
    if behind:
        result.changelog = changelog(project.template, result.newest, project.version)
    return result


def apply(
    project: Project, wanted: Wanted, tree: Worktree, result: Update, on_step: OnStep
) -> None:
    """Apply the update in the worktree and add to the result what was done.

    Raises:
        UserError: the update failed.
    """
    there, changes = replace(project, folder=tree.folder), given_answers(project, wanted.answers)
    done = apply_update(there, result.newest, changes, wanted.edits, on_step)
    result.kept, result.conflicts = done.kept, done.conflicts
    result.notes += done.notes


def commit_as_user(folder: Path, message: str) -> None:
    """Commit what is staged, even if it is nothing, as the user."""
    commit(folder, message, "--allow-empty")


def commit_update(
    tree: Worktree,
    result: Update,
    test: bool,
    on_step: OnStep,
    commit_staged: Callable[[Path, str], None] = commit_as_user,
) -> None:
    """Commit the update if the tests pass, which run only if `test` is set.

    Args:
        tree: the worktree with the staged update.
        result: the result to add notes and commit to.
        test: whether to run the project's fast tests first.
        on_step: called with the name of each step.
        commit_staged: commits what is staged in a folder with a message.

    Raises:
        UserError: the update cannot be locked or committed, or a test fails.
    """
    on_step("locking the dependencies")
    result.notes += update_lock(tree.folder)
    stage(tree.folder, [LOCK_FILE] if (tree.folder / LOCK_FILE).exists() else [])
    if test:
        on_step("running the project's fast tests")
        result.notes += run_fast_tests(tree)
    message = f"Update the template from {result.version} to {result.newest}"
    commit_staged(tree.top, message)
    result.commit = git_output("rev-parse", "--short", "HEAD", folder=tree.top)


def _keep_worktree(tree: Worktree, result: Update) -> None:
    """Keep the worktree, so that the conflicts can be resolved there."""
    tree.keep = True
    result.worktree, result.branch = str(tree.top), tree.branch
    result.repository = str(tree.repository)
    if (tree.folder / LOCK_FILE).exists():
        result.notes.append("uv.lock: not updated; run uv lock after resolving the conflicts")


def _commit_and_merge(tree: Worktree, result: Update, test: bool, on_step: OnStep) -> None:
    """Commit the update in the worktree and fast-forward the project's branch."""
    try:
        commit_update(tree, result, test, on_step)
    except TestsFail as failed:
        tree.keep = True
        raise UserError(f"{failed}; inspect {tree.top}; your branch is unchanged") from failed
    fast_forward(tree)
