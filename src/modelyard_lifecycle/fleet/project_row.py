"""The row of one project in a fleet report."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..credentials import without_credentials
from ..delivery.measure import measure
from ..delivery.read import read_history
from ..errors import UserError
from ..git import run
from ..policy.evaluate import evaluate
from ..policy.finding import BROKEN, KEPT
from ..policy.policy import Policy
from ..project import Project


@dataclass
class Row:
    """The state of a project.

    Attributes:
        name: the repository's name.
        template, version, newest: its template, its version and the newest one.
        behind: the number of newer releases; None if unknown.
        level, targets: automation level and serving targets; empty if its template has none.
        edited, deleted: the template's files that were edited or deleted.
        runtime_edits: those of them in src/modelyard, where an update refuses.
        conflicts: files with conflicts in an update.
        losses: files whose edits `copier update` would lose.
        trained: the date of the commit that last changed dvc.lock.
        gate: the gate's verdict on the newest model.
        deployments: the number of deployments in the last 90 days; None if it is unknown.
        failed: the share of them that failed; None below five.
        rules: the policy's rules that are broken or unknown; None without a policy.
        fault: the reason why the project is broken; empty if it is not.
    """

    name: str
    template: str = ""
    version: str = ""
    newest: str = ""
    behind: int | None = None
    level: str = ""
    targets: str = ""
    edited: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    runtime_edits: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    trained: str = ""
    gate: str = ""
    deployments: int | None = None
    failed: float | None = None
    rules: list[str] | None = None
    fault: str = ""

    @property
    def state(self) -> str:
        """Return the most severe state that applies."""
        if self.fault:
            return "broken"
        if self.behind == 0:
            return "current"
        if self.losses:
            return "would lose edits"
        return "would conflict" if self.conflicts or self.runtime_edits else "behind"

    def record(self) -> dict[str, Any]:
        """Return the row as JSON-serializable values."""
        shown = {"template": without_credentials(self.template)}
        return {"state": self.state} | asdict(self) | shown


def row_of(name: str, project: Project, policy: Policy | None) -> Row:
    """Return a row with the values that need no access to the template."""
    targets = project.answers.get("serving_targets", "")
    deployments, failed = _delivery(project.folder)
    return Row(
        name=name,
        template=project.template,
        version=project.version,
        level=str(project.answers.get("automation_level", "")),
        targets=", ".join(targets) if isinstance(targets, list) else str(targets),
        trained=_trained(project.folder),
        gate=_gate(project.folder),
        deployments=deployments,
        failed=failed,
        rules=_rules(project, policy) if policy else None,
    )


def _rules(project: Project, policy: Policy) -> list[str]:
    failed = [one for one in evaluate(project, policy) if one.verdict != KEPT]
    return [one.rule if one.verdict == BROKEN else f"{one.rule} ({one.verdict})" for one in failed]


def _delivery(folder: Path) -> tuple[int | None, float | None]:
    """Return deployments in 90 days and their failure rate; None if a shallow clone lacks them."""
    now = datetime.now(UTC)
    since = now - timedelta(days=90)
    try:
        found = measure(read_history(folder, since), since, now)
    except UserError:
        return None, None
    return len(found.deployments), found.metrics[-1].value


def _trained(folder: Path) -> str:
    """Return the date of the commit that changed dvc.lock; empty if a shallow clone lacks it."""
    done = run("log", "-1", "--format=%cs %H", "--", "dvc.lock", folder=folder)
    date, _, commit = done.stdout.decode().strip().partition(" ")
    boundary = run("rev-parse", "--git-path", "shallow", folder=folder).stdout.decode().strip()
    oldest = folder / boundary
    cut_off = oldest.read_text("utf-8").split() if oldest.is_file() else []
    return "" if commit in cut_off else date


def _gate(folder: Path) -> str:
    try:
        accepted = json.loads((folder / "models" / "metrics.json").read_text("utf-8"))["accepted"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return "accepted" if accepted is True else "refused"
