"""Report what an update would change in a project, without changing it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .answers import describe_changes
from .changelog import changelog
from .compare import Comparison, compare
from .progress import OnStep, silent
from .project import Project, read_public_answers
from .render import render
from .template import is_behind, releases

CURRENT, BEHIND, CONFLICTS, LOSSES = 0, 10, 20, 30


@dataclass(frozen=True)
class Check:
    """The result of comparing a project with the newest release of its template."""

    template: str
    version: str
    newest: str
    behind: bool
    files: Comparison
    changelog: list[str]
    answers: list[str]

    @property
    def code(self) -> int:
        """Return the exit code, that of the most severe result."""
        if not self.behind:
            return CURRENT
        if self.files.losses:
            return LOSSES
        unresolved = self.files.conflicts or self.files.runtime_edits
        return CONFLICTS if unresolved else BEHIND

    def record(self) -> dict[str, Any]:
        """Return the result as JSON-serializable values."""
        return asdict(self) | {"code": self.code}


def check(project: Project, on_step: OnStep = silent) -> Check:
    """Compare a project with the newest release of its template.

    Args:
        project: the project.
        on_step: called with the name of each step.

    Raises:
        UserError: the template cannot be reached or rendered.
    """
    on_step(f"reading the releases of {project.shown_template}")
    known = releases(project.template)
    behind = is_behind(project.version, known, project.template)
    newest = known[-1]
    with TemporaryDirectory(prefix="modelyard-") as name:
        scratch = Path(name)
        on_step(f"rendering {project.version}")
        old = render(project, project.version, scratch / "recorded")
        on_step(f"rendering {newest}")
        new = render(project, newest, scratch / "newest", {}) if behind else old
        on_step("comparing with the project's files")
        compared = compare(project.folder, old, new, scratch / "compared")
        lines: list[str] = []
        answers: list[str] = []
        if behind:
            lines = changelog(project.template, newest, project.version)
            rendered = read_public_answers(scratch / "newest" / project.answers_file)
            answers = describe_changes(project.answers, rendered)
    return Check(project.shown_template, project.version, newest, behind, compared, lines, answers)
