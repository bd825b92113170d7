"""Prepare an update in every repository on a new branch; existing branches do not move."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import yaml

from ..credentials import without_credentials
from ..errors import Interrupted, UserError, allow_interrupts
from ..git import run
from ..project import Project
from ..update import prepare
from ..worktree import own_name
from .clones import local_clone
from .project_row import Row
from .projects import Found, find_projects
from .report import OnProgress, map_in_threads, set_versions
from .sources import Source
from .update_result import UpdateRow
from .workers import run_on_all_cores


def prepare_all(
    found: list[Source],
    *,
    branch: str | None,
    into: Path | None,
    answers_file: str | None,
    test: bool,
    limit: int | None,
    on_progress: OnProgress,
) -> list[UpdateRow]:
    """Return a row for each project of each source, in order.

    Args:
        found: the repositories.
        branch: the branch to create; None for modelyard-vX.Y.Z. The branch of a project in a folder
            of its repository has the folder at its end.
        into: the folder to clone URLs into.
        answers_file: the answers file to use if a project has several.
        test: whether each project's fast tests must pass.
        limit: how many repositories to update at most; the others are left for a later run.
        on_progress: called with the number of finished repositories and the total.

    Raises:
        Interrupted: Ctrl+C or SIGTERM interrupted the updates.
    """
    read = map_in_threads(lambda source: _read(source, into, answers_file), found)
    pairs = [pair for pairs_of_source in read for pair in pairs_of_source]
    _set_versions(pairs)
    todo = _select(pairs, branch)[:limit]
    selected = {id(row) for row, _ in todo}
    for row, _ in pairs:
        if row.branch and not row.commit and id(row) not in selected:
            row.state, row.branch = "later", ""
    _update_all(todo, test, lambda done: on_progress(len(pairs) - len(todo) + done, len(pairs)))
    return [row for row, _ in pairs]


def _read(
    source: Source, into: Path | None, answers_file: str | None
) -> list[tuple[UpdateRow, Project | None]]:
    found = find_projects(source, lambda one: local_clone(one, into), answers_file)
    return [(_row(one), one.project) for one in found]


def _row(found: Found) -> UpdateRow:
    version = found.project.version if found.project else ""
    folder = str(found.folder) if found.folder else ""
    return UpdateRow(found.name, folder=folder, version=version, fault=found.fault)


def _set_versions(pairs: list[tuple[UpdateRow, Project | None]]) -> None:
    """Set the newest version of each row and the state of current projects."""
    reports = [(row, Row(row.name, one.template, one.version)) for row, one in pairs if one]
    set_versions([report for _, report in reports])
    for row, report in reports:
        row.newest, row.fault = report.newest, report.fault
        if report.behind == 0 and not report.fault:
            row.state = "current"


def _select(
    pairs: list[tuple[UpdateRow, Project | None]], branch: str | None
) -> list[tuple[UpdateRow, Project]]:
    """Return the projects that are behind and have no prepared branch yet."""
    selected = []
    for row, project in pairs:
        if not project or row.fault or row.state == "current":
            continue
        row.branch = own_name(project.folder, branch or f"modelyard-{row.newest}")
        row.commit = _prepared_commit(row, project)
        if row.commit:
            row.state = "prepared"
        else:
            selected.append((row, project))
    return selected


def _prepared_commit(row: UpdateRow, project: Project) -> str:
    """Return the commit of the same update prepared by an earlier run; empty if there is none.

    It is the same if the project's files are still those that were updated.
    """
    commit = run("rev-parse", "--short", f"refs/heads/{row.branch}", folder=project.folder)
    sides = (f"refs/heads/{row.branch}^", "HEAD", "--", ".")
    if commit.returncode or run("diff", "--quiet", *sides, folder=project.folder).returncode:
        return ""
    path = f"refs/heads/{row.branch}:./{project.answers_file}"
    try:
        answers = yaml.safe_load(run("show", path, folder=project.folder).stdout)
    except yaml.YAMLError:
        return ""
    same = isinstance(answers, dict) and answers.get("_commit") == row.newest
    return commit.stdout.decode().strip() if same else ""


def _update_all(
    todo: list[tuple[UpdateRow, Project]], test: bool, on_progress: Callable[[int], None]
) -> None:
    """Prepare the updates on all cores.

    Raises:
        Interrupted: Ctrl+C or SIGTERM interrupted the updates.
    """
    on_progress(0)
    tasks = [(row, project, test) for row, project in todo]
    try:
        templates = {project.template for _, project, _ in tasks}
        with run_on_all_cores(_prepare, tasks, templates) as running:
            for done, ((row, _), future) in enumerate(zip(todo, running, strict=True), 1):
                vars(row).update(vars(_result(row, future)))
                on_progress(done)
    except KeyboardInterrupt as interrupt:
        raise Interrupted(
            "interrupted; prepared branches are kept, run the same command to continue"
        ) from interrupt


def _result(row: UpdateRow, future: "Future[UpdateRow]") -> UpdateRow:
    """Return a worker's row; if the worker crashed, the row with the reason."""
    try:
        return future.result()
    except Exception as broken:
        row.branch = ""
        row.fault = without_credentials(f"the update crashed: {broken or type(broken).__name__}")
        return row


def _prepare(row: UpdateRow, project: Project, test: bool) -> UpdateRow:
    branch, row.branch = row.branch, ""
    try:
        with allow_interrupts():
            result = prepare(project, row.newest, branch, test)
    except (UserError, OSError) as error:
        row.fault = str(error)
        return row
    row.kept, row.conflicts = result.kept, result.conflicts
    row.branch, row.commit = result.branch, result.commit
    row.state = "conflicts" if result.conflicts else "prepared"
    return row
