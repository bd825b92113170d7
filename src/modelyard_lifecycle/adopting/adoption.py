"""The result of an adoption."""

from dataclasses import dataclass, field

from .detected_answers import Answer
from .known_templates import Kind
from .merge import MergeResult

ADOPTED, CONFLICTS = 0, 20


@dataclass
class Adoption:
    """The result of an adoption.

    Attributes:
        template, version: the adopted template and its version.
        kind: the detected kind of repository.
        answers: the answers given to the template, with their sources.
        files: the template's files by the result of the merge.
        commit: the new commit, if there are no conflicts.
        worktree, branch, repository: where to resolve conflicts, and where to merge the branch.
    """

    template: str
    version: str
    kind: Kind
    answers: list[Answer] = field(default_factory=list)
    files: MergeResult = field(default_factory=MergeResult)
    commit: str = ""
    worktree: str = ""
    branch: str = ""
    repository: str = ""

    @property
    def code(self) -> int:
        """Return the exit code."""
        return CONFLICTS if self.files.conflicts else ADOPTED
