"""Propose an update on a branch, which replaces that of an earlier run but nobody's commits."""

from dataclasses import dataclass

from .errors import Interrupted, UserError
from .git import git, run
from .progress import OnStep
from .project import Project
from .proposed_branch import (
    Remote,
    commit_as_robot,
    commit_of_others,
    is_same_update,
    local_tip,
    published_tip,
    push,
)
from .update import apply, begin, commit_update
from .update_result import Update, Wanted
from .worktree import Worktree, git_output, refuse_invalid_branch, temporary_worktree

NOTHING = 10


@dataclass
class Proposal:
    """The result of proposing an update.

    Attributes:
        update: what the update does.
        branch: the branch.
        foreign: the branch's newest commit if it is somebody else's, so that nothing was changed.
        repeated: whether the branch already was this update.
        pushed: whether the branch was pushed.
    """

    update: Update
    branch: str
    foreign: str = ""
    repeated: bool = False
    pushed: bool = False

    @property
    def code(self) -> int:
        """Return the exit code: 0 if the branch is the update."""
        return self.update.code or (NOTHING if self.foreign or not self.update.needed else 0)


def propose(
    project: Project, wanted: Wanted, branch: str, remote: Remote | None, on_step: OnStep
) -> Proposal:
    """Commit an update on a branch and push it; no other branch and no file of the user moves.

    The branch of an earlier run is replaced if all of its commits are this function's.

    Args:
        project: the project to update.
        wanted: what the user wants of the update.
        branch: the branch.
        remote: where to push it; None to keep it here.
        on_step: called with the name of each step.

    Raises:
        UserError: the update failed, or the branch cannot be pushed.
    """
    folder = project.folder
    refuse_invalid_branch(branch)
    if run("symbolic-ref", "--short", "HEAD", folder=folder).stdout.decode().strip() == branch:
        raise UserError(f"{branch} is checked out in {folder}; switch to the branch to update")
    result = Proposal(begin(project, wanted, on_step), branch)
    if not result.update.needed:
        return result
    published = published_tip(folder, branch, remote) if remote else ""
    tips = [published, local_tip(folder, branch)]
    result.foreign = next(filter(None, (commit_of_others(folder, tip) for tip in tips)), "")
    if not result.foreign:
        with temporary_worktree(folder, f"{branch}-next", merged=False) as tree:
            apply(project, wanted, tree, result.update, on_step)
            if not result.update.conflicts:
                commit_update(tree, result.update, wanted.test, on_step, commit_as_robot)
                _replace_branch(tree, result, tips)
        if remote and not result.update.conflicts and local_tip(folder, branch) != published:
            on_step(f"pushing {branch}")
            _push(project, result, remote, published)
    return result


def _push(project: Project, result: Proposal, remote: Remote, published: str) -> None:
    try:
        push(project.folder, result.branch, remote, published)
    except KeyboardInterrupt as interrupt:
        raise Interrupted(
            f"interrupted; branch {result.branch} is the update here, but was perhaps not pushed; "
            "run the same command again"
        ) from interrupt
    result.pushed = True


def _replace_branch(tree: Worktree, result: Proposal, tips: list[str]) -> None:
    """Move the branch to the new commit, or to the same update of an earlier run."""
    commit = git_output("rev-parse", "HEAD", folder=tree.top)
    same = [tip for tip in tips if is_same_update(tree.top, tip, commit)]
    tip = same[0] if same else commit
    git("branch", "--quiet", "--no-track", "--force", result.branch, tip, folder=tree.repository)
    result.repeated = bool(same)
    result.update.commit = git_output("rev-parse", "--short", tip, folder=tree.repository)
