"""What the user wants of an update, and its result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .runtime import Edits

UPDATED, CONFLICTS = 0, 20


@dataclass
class Update:
    """The result of an update.

    Attributes:
        template, version, newest: the template, the project's old version and the newest one.
        needed: whether there was anything to update.
        changelog: the changelog's lines between the two versions.
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
    changelog: list[str] = field(default_factory=list)
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


@dataclass(frozen=True)
class Wanted:
    """What the user wants of an update.

    Attributes:
        answers: answers to change; None keeps the recorded one, a list extends it.
        test: whether to run the project's fast tests first.
        edits: how to treat edits of the project's runtime.
        version: the version to update to; None for the newest release.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    test: bool = False
    edits: Edits = Edits.STOP
    version: str | None = None
