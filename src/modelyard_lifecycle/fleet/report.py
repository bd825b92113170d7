"""Report on many projects: each version is rendered once per set of answers."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from ..compare import compare
from ..errors import UserError
from ..policy.policy import Policy
from ..project import Project
from ..render import Files, render
from ..template import count_newer, is_behind, releases
from .project_row import Row, row_of
from .projects import Found, find_projects
from .sources import Source, fetch
from .workers import run_on_all_cores

Item = TypeVar("Item")
Result = TypeVar("Result")
Key = tuple[str, str, str]
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class ComparisonJob:
    """A project to compare: its row, and the keys of the renders to compare with, oldest first."""

    row: Row
    project: Project
    keys: list[Key]


def report(
    found: list[Source], on_progress: OnProgress, policy: Policy | None, answers_file: str | None
) -> list[Row]:
    """Return a row for each project of each source, in order.

    Args:
        found: the projects' repositories.
        on_progress: called with the number of finished steps and the total.
        policy: the policy to check each project against.
        answers_file: the answers file to use if a project has several.
    """
    with TemporaryDirectory(prefix="modelyard-") as name:
        scratch = Path(name)
        read = map_in_threads(
            lambda one: _read(one[1], scratch / str(one[0]), policy, answers_file),
            list(enumerate(found)),
        )
        pairs = [pair for pairs_of_source in read for pair in pairs_of_source]
        set_versions([row for row, _ in pairs])
        jobs = [
            ComparisonJob(row, one, _keys(row, one)) for row, one in pairs if one and not row.fault
        ]
        to_render = {key: job.project for job in jobs for key in job.keys}
        steps = len(to_render) + len(jobs)
        renders = _render_all(to_render, lambda done: on_progress(done, steps))
        for number, job in enumerate(jobs, 1):
            _compare(job, renders, scratch / f"compared-{number}")
            on_progress(len(to_render) + number, steps)
    return [row for row, _ in pairs]


def _read(
    source: Source, scratch: Path, policy: Policy | None, answers_file: str | None
) -> list[tuple[Row, Project | None]]:
    found = find_projects(source, lambda one: fetch(one, scratch), answers_file)
    return [_row(one, policy) for one in found]


def _row(found: Found, policy: Policy | None) -> tuple[Row, Project | None]:
    if not found.project:
        return Row(found.name, fault=found.fault), None
    try:
        return row_of(found.name, found.project, policy), found.project
    except UserError as error:
        return Row(found.name, fault=str(error)), None


def set_versions(rows: list[Row]) -> None:
    """Set the newest release and the number of newer ones; each template is queried once."""
    templates = sorted({row.template for row in rows if row.template})
    known = dict(zip(templates, map_in_threads(_releases_or_error, templates), strict=True))
    for row in rows:
        if not row.template:
            continue
        versions = known[row.template]
        try:
            if isinstance(versions, UserError):
                raise versions
            row.newest = versions[-1]
            behind = is_behind(row.version, versions, row.template)
            row.behind = count_newer(row.version, versions) if behind else 0
        except UserError as error:
            row.fault = str(error)


def _releases_or_error(template: str) -> list[str] | UserError:
    try:
        return releases(template)
    except UserError as error:
        return error


def _keys(row: Row, project: Project) -> list[Key]:
    answers = json.dumps([project.answers_file, dict(project.answers)], sort_keys=True, default=str)
    versions = dict.fromkeys([project.version, row.newest if row.behind != 0 else project.version])
    return [(project.template, version, answers) for version in versions]


def _render_all(
    projects: Mapping[Key, Project], on_progress: Callable[[int], None]
) -> dict[Key, Files | str]:
    """Render each version with each set of answers once, on all cores; a failure is its message."""
    renders: dict[Key, Files | str] = {}
    keys = sorted(projects)
    calls = [(projects[key], key[1]) for key in keys]
    with run_on_all_cores(_render, calls, (template for template, *_ in keys)) as running:
        for done, (key, future) in enumerate(zip(keys, running, strict=True), 1):
            renders[key] = future.result()
            on_progress(done)
    return renders


def _render(project: Project, version: str) -> Files | str:
    with TemporaryDirectory(prefix="modelyard-") as name:
        try:
            changes: dict[str, str] | None = None if version == project.version else {}
            return render(project, version, Path(name) / "rendered", changes)
        except UserError as error:
            return str(error)


def _compare(job: ComparisonJob, renders: Mapping[Key, Files | str], scratch: Path) -> None:
    row = job.row
    sides = [renders[key] for key in job.keys]
    failed = [side for side in sides if isinstance(side, str)]
    if failed:
        row.fault = failed[0]
        return
    old, new = ([side for side in sides if not isinstance(side, str)] * 2)[:2]
    try:
        files = compare(job.project.folder, old, new, scratch)
    except UserError as error:
        row.fault = str(error)
        return
    row.edited, row.deleted, row.conflicts = files.edited, files.deleted, files.conflicts
    row.runtime_edits = files.runtime_edits
    row.losses = [f"{loss.file} ({loss.why})" for loss in files.losses]


def map_in_threads(function: Callable[[Item], Result], items: list[Item]) -> list[Result]:
    """Return the function's result for each item, in order; meant for I/O-bound work."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(function, items))
