"""What an update would do to a project, found without touching it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .compare import Comparison, compare
from .project import Project
from .render import render
from .template import changelog, is_behind, releases

CURRENT, BEHIND, CONFLICTS, LOSSES = 0, 10, 20, 30


@dataclass(frozen=True)
class Check:
    """A project's place among its template's versions."""

    template: str
    version: str
    newest: str
    behind: bool
    files: Comparison
    changelog: list[str]

    @property
    def code(self) -> int:
        """Return the exit code: the worst that an update would do."""
        if not self.behind:
            return CURRENT
        if self.files.losses:
            return LOSSES
        stops = self.files.conflicts or self.files.runtime_edits
        return CONFLICTS if stops else BEHIND

    def record(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return asdict(self) | {"code": self.code}


def check(project: Project) -> Check:
    """Compare a project with its template's newest release.

    Raises:
        Fault: the template cannot be reached or rendered.
    """
    known = releases(project.template)
    behind = is_behind(project.version, known, project.template)
    newest = known[-1]
    with TemporaryDirectory(prefix="modelyard-") as name:
        scratch = Path(name)
        old = render(project, project.version, scratch / "born")
        new = render(project, newest, scratch / "newest") if behind else old
        compared = compare(project.folder, old, new, scratch / "compared")
        lines = (
            changelog(project.template, newest, project.version, scratch / "template")
            if behind
            else []
        )
    return Check(project.template, project.version, newest, behind, compared, lines)
