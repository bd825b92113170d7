"""Prepare an update in every repository: a branch each, nobody's own branch moves."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import yaml

from ..errors import Fault, Stopped, interruptible
from ..git import run
from ..project import Project, read_project
from ..update import prepare
from .clones import at_hand
from .project_row import Row
from .report import Ticked, in_threads, place
from .sources import Source
from .update_result import Prepared
from .workers import on_all_cores


def prepare_all(
    found: list[Source],
    *,
    branch: str | None,
    into: Path | None,
    answers_file: str | None,
    test: bool,
    limit: int | None,
    ticked: Ticked,
) -> list[Prepared]:
    """Return a row for each source, in their order.

    Args:
        found: where the repositories are.
        branch: the branch to make; None for modelyard-vX.Y.Z.
        into: the folder that addresses are cloned into.
        answers_file: which one each project is read from, where it may have two.
        test: whether each project's fast tests must pass.
        limit: how many repositories may be updated; the others wait for a later run.
        ticked: is told how many repositories are done, and of how many.

    Raises:
        Stopped: Ctrl+C or SIGTERM stopped it.
    """
    pairs = in_threads(lambda source: _read(source, into, answers_file), found)
    _place(pairs)
    todo = _wanted(pairs, branch)[:limit]
    chosen = {id(row) for row, _ in todo}
    for row, _ in pairs:
        if row.branch and not row.commit and id(row) not in chosen:
            row.state, row.branch = "later", ""
    _updated(todo, test, lambda done: ticked(len(pairs) - len(todo) + done, len(pairs)))
    return [row for row, _ in pairs]


def refuse_bad_branch(branch: str | None) -> None:
    """See that git allows a branch of that name.

    Raises:
        Fault: it does not.
    """
    if branch and run("check-ref-format", "--branch", branch).returncode:
        raise Fault(f"--branch is {branch!r}, git allows no branch of that name")


def _read(
    source: Source, into: Path | None, answers_file: str | None
) -> tuple[Prepared, Project | None]:
    row = Prepared(source.name)
    try:
        folder = at_hand(source, into)
        row.folder = str(folder)
        project = read_project(folder, answers_file)
    except Fault as fault:
        row.fault = str(fault)
        return row, None
    row.version = project.version
    return row, project


def _place(pairs: list[tuple[Prepared, Project | None]]) -> None:
    """Ask each template once how far behind its projects are."""
    placed = [(row, Row(row.name, one.template, one.version)) for row, one in pairs if one]
    place([known for _, known in placed])
    for row, known in placed:
        row.newest, row.fault = known.newest, known.fault
        if known.behind == 0 and not known.fault:
            row.state = "current"


def _wanted(
    pairs: list[tuple[Prepared, Project | None]], branch: str | None
) -> list[tuple[Prepared, Project]]:
    """Return what is behind and has no prepared branch yet."""
    wanted = []
    for row, project in pairs:
        if not project or row.fault or row.state == "current":
            continue
        row.branch = branch or f"modelyard-{row.newest}"
        row.commit = _commit_of_before(row, project)
        if row.commit:
            row.state = "prepared"
        else:
            wanted.append((row, project))
    return wanted


def _commit_of_before(row: Prepared, project: Project) -> str:
    """Return the commit of the same update that an earlier run has prepared; empty if none."""
    asked = run("rev-parse", "--short", f"refs/heads/{row.branch}", folder=project.folder)
    heads = (f"refs/heads/{row.branch}^", "HEAD")
    below = [run("rev-parse", "--verify", one, folder=project.folder).stdout for one in heads]
    if asked.returncode or below[0] != below[1]:
        return ""
    path = f"refs/heads/{row.branch}:./{project.answers_file}"
    try:
        held = yaml.safe_load(run("show", path, folder=project.folder).stdout)
    except yaml.YAMLError:
        return ""
    same = isinstance(held, dict) and held.get("_commit") == row.newest
    return asked.stdout.decode().strip() if same else ""


def _updated(
    todo: list[tuple[Prepared, Project]], test: bool, ticked: Callable[[int], None]
) -> None:
    """Prepare on all cores.

    Raises:
        Stopped: Ctrl+C or SIGTERM stopped it.
    """
    ticked(0)
    pieces = [(row, project, test) for row, project in todo]
    try:
        with on_all_cores(_prepared, pieces) as running:
            for done, ((row, _), future) in enumerate(zip(todo, running, strict=True), 1):
                vars(row).update(vars(_result(row, future)))
                ticked(done)
    except KeyboardInterrupt as stopped:
        raise Stopped(
            "stopped; branches that are ready stay, and the same command goes on from there"
        ) from stopped


def _result(row: Prepared, future: "Future[Prepared]") -> Prepared:
    """Return a worker's row; one that broke down is a row, too."""
    try:
        return future.result()
    except Exception as broken:
        row.branch, row.fault = "", f"the update broke down: {broken or type(broken).__name__}"
        return row


def _prepared(row: Prepared, project: Project, test: bool) -> Prepared:
    branch, row.branch = row.branch, ""
    try:
        with interruptible():
            done = prepare(project, row.newest, branch, test)
    except (Fault, OSError) as fault:
        row.fault = str(fault)
        return row
    row.kept, row.conflicts = done.kept, done.conflicts
    row.branch, row.commit = done.branch, done.commit
    row.state = "conflicts" if done.conflicts else "prepared"
    return row
