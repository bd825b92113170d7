"""Apply an update in a worktree: `copier update`, then the edits that it discarded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .answers import describe_changes, refuse_unknown_answers
from .compare import compare
from .fast_copier import FastCopier
from .progress import OnStep
from .project import Project, read_public_answers
from .render import calling_copier, render
from .restore import restore_edits
from .runtime import Edits, drop_edits, refuse_edits
from .staging import stage_update, unresolved_files
from .verbose import is_verbose

Answers = Mapping[str, Any]


@dataclass
class Applied:
    """What was applied.

    Attributes:
        kept: a note for each file whose edits `copier update` would have lost.
        notes: other notes for the user.
        conflicts: files with conflicts.
    """

    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def apply_update(
    project: Project, newest: str, changes: Answers, edits: Edits, on_step: OnStep
) -> Applied:
    """Apply an update in a worktree and stage it, except for the files with conflicts.

    Args:
        project: the project in the worktree.
        newest: the version to update to.
        changes: the answers that change.
        edits: how to treat edits of the project's runtime.
        on_step: called with the name of each step.

    Raises:
        UserError: the update failed, or the runtime was edited.
    """
    result = Applied()
    folder = project.folder
    with TemporaryDirectory(prefix="modelyard-") as name:
        scratch = Path(name)
        on_step(f"rendering {project.version}")
        old = render(project, project.version, scratch / "recorded")
        on_step(f"rendering {newest}")
        new = render(project, newest, scratch / "newest", changes)
        answers = read_public_answers(scratch / "newest" / project.answers_file)
        refuse_unknown_answers(changes, answers, newest)
        result.notes += describe_changes(project.answers, answers, except_for=changes)
        on_step("comparing with the project's files")
        compared = compare(folder, old, new, scratch / "compared")
        if edits is Edits.STOP:
            refuse_edits(compared.runtime_edits)
        on_step(f"updating to {newest}")
        _run_copier(project, changes, newest)
        if edits is Edits.DROP:
            result.notes += drop_edits(folder, compared.runtime_edits, scratch / "newest")
            lost = [loss for loss in compared.losses if loss.file not in compared.runtime_edits]
            compared = replace(compared, losses=lost)
        result.kept, result.conflicts = restore_edits(folder, compared, old, scratch)
    result.conflicts = sorted({*result.conflicts, *unresolved_files(folder)})
    stage_update(folder, old, {*new, project.answers_file}, result.conflicts)
    return result


def _run_copier(project: Project, changes: Answers, version: str) -> None:
    with (
        calling_copier(f"update to {project.template} {version} failed"),
        FastCopier(
            dst_path=project.folder,
            data=dict(changes),
            answers_file=Path(project.answers_file),
            vcs_ref=version,
            defaults=True,
            overwrite=True,
            quiet=not is_verbose(),
        ) as worker,
    ):
        worker.run_update()
