"""What is said of one project of a fleet."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..git import run
from ..policy.evaluate import judge
from ..policy.finding import BROKEN, KEPT
from ..policy.policy import Policy
from ..project import Project


@dataclass
class Row:
    """A project's place in its fleet.

    Attributes:
        name: of the repository.
        template, version, newest: where it was born, its version, the newest one.
        behind: how many releases are newer than its own; None if that is not known.
        level, targets: its automation level and serving targets; empty if it is not asked for them.
        edited, deleted: files of the template that were edited or deleted since.
        runtime_edits: those of them in src/modelyard, where an update stops.
        conflicts: files in which an update would meet changes of both sides.
        losses: files whose edits `copier update` alone would lose.
        trained: the day of the commit that last changed the pipeline's results.
        gate: what the gate said of the newest model.
        rules: those of a policy that are broken or cannot be known; None if none was asked for.
        fault: why nothing more is known.
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
    rules: list[str] | None = None
    fault: str = ""

    @property
    def state(self) -> str:
        """Return the state in a word, the worst that holds."""
        if self.fault:
            return "broken"
        if self.behind == 0:
            return "current"
        if self.losses:
            return "would lose edits"
        return "would conflict" if self.conflicts or self.runtime_edits else "behind"

    def record(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {"state": self.state} | asdict(self)


def begun(name: str, project: Project, policy: Policy | None) -> Row:
    """Return a row with what the project itself tells."""
    targets = project.answers.get("serving_targets", "")
    return Row(
        name=name,
        template=project.template,
        version=project.version,
        level=str(project.answers.get("automation_level", "")),
        targets=", ".join(targets) if isinstance(targets, list) else str(targets),
        trained=_trained(project.folder),
        gate=_gate(project.folder),
        rules=_rules(project, policy) if policy else None,
    )


def _rules(project: Project, policy: Policy) -> list[str]:
    found = [one for one in judge(project, policy) if one.verdict != KEPT]
    return [one.rule if one.verdict == BROKEN else f"{one.rule} ({one.verdict})" for one in found]


def _trained(folder: Path) -> str:
    done = run("log", "-1", "--format=%cs", "--", "dvc.lock", folder=folder)
    return done.stdout.decode().strip() if done.returncode == 0 else ""


def _gate(folder: Path) -> str:
    try:
        accepted = json.loads((folder / "models" / "metrics.json").read_text("utf-8"))["accepted"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return "accepted" if accepted is True else "refused"
