"""Look at every project: each render is made once, a broken project is a row with its reason."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from ..compare import compare
from ..errors import Fault
from ..policy.policy import Policy
from ..project import Project, read_project
from ..render import Files, render
from ..template import is_behind, newer, releases
from .project_row import Row, begun
from .sources import Source, fetched
from .workers import on_all_cores

One = TypeVar("One")
Other = TypeVar("Other")
Key = tuple[str, str, str]
Ticked = Callable[[int, int], None]


@dataclass(frozen=True)
class Look:
    """A project to be compared: its row, and the renders to compare it with, oldest first."""

    row: Row
    project: Project
    keys: list[Key]


def report(
    found: list[Source], ticked: Ticked, policy: Policy | None, answers_file: str | None
) -> list[Row]:
    """Return a row for each source, in their order.

    Args:
        found: where the projects are.
        ticked: is told how many steps are done, and of how many.
        policy: what each project is checked against.
        answers_file: which one each project is read from, where it may have two.
    """
    with TemporaryDirectory(prefix="modelyard-") as name:
        scratch = Path(name)
        pairs = in_threads(
            lambda one: _read(one[1], scratch / str(one[0]), policy, answers_file),
            list(enumerate(found)),
        )
        place([row for row, _ in pairs])
        looks = [Look(row, one, _keys(row, one)) for row, one in pairs if one and not row.fault]
        wanted = {key: look.project for look in looks for key in look.keys}
        steps = len(wanted) + len(looks)
        made = _rendered(wanted, lambda done: ticked(done, steps))
        for number, look in enumerate(looks, 1):
            _compare(look, made, scratch / f"compared-{number}")
            ticked(len(wanted) + number, steps)
    return [row for row, _ in pairs]


def _read(
    source: Source, scratch: Path, policy: Policy | None, answers_file: str | None
) -> tuple[Row, Project | None]:
    try:
        project = read_project(fetched(source, scratch), answers_file)
        return begun(source.name, project, policy), project
    except Fault as fault:
        return Row(source.name, fault=str(fault)), None


def place(rows: list[Row]) -> None:
    """Ask each template once for its releases; say how far behind each project is."""
    templates = sorted({row.template for row in rows if row.template})
    known = dict(zip(templates, in_threads(_asked, templates), strict=True))
    for row in rows:
        if not row.template:
            continue
        answer = known[row.template]
        try:
            if isinstance(answer, Fault):
                raise answer
            row.newest = answer[-1]
            behind = is_behind(row.version, answer, row.template)
            row.behind = newer(row.version, answer) if behind else 0
        except Fault as fault:
            row.fault = str(fault)


def _asked(template: str) -> list[str] | Fault:
    try:
        return releases(template)
    except Fault as fault:
        return fault


def _keys(row: Row, project: Project) -> list[Key]:
    answers = json.dumps([project.answers_file, dict(project.answers)], sort_keys=True, default=str)
    versions = dict.fromkeys([project.version, row.newest if row.behind != 0 else project.version])
    return [(project.template, version, answers) for version in versions]


def _rendered(
    wanted: Mapping[Key, Project], ticked: Callable[[int], None]
) -> dict[Key, Files | str]:
    """Render each version with each set of answers once, on all cores."""
    made: dict[Key, Files | str] = {}
    keys = sorted(wanted)
    with on_all_cores(_render, [(wanted[key], key[1]) for key in keys]) as running:
        for done, (key, future) in enumerate(zip(keys, running, strict=True), 1):
            made[key] = future.result()
            ticked(done)
    return made


def _render(project: Project, version: str) -> Files | str:
    with TemporaryDirectory(prefix="modelyard-") as name:
        try:
            return render(project, version, Path(name) / "made")
        except Fault as fault:
            return str(fault)


def _compare(look: Look, made: Mapping[Key, Files | str], scratch: Path) -> None:
    row = look.row
    sides = [made[key] for key in look.keys]
    failed = [side for side in sides if isinstance(side, str)]
    if failed:
        row.fault = failed[0]
        return
    old, new = ([side for side in sides if not isinstance(side, str)] * 2)[:2]
    try:
        files = compare(look.project.folder, old, new, scratch)
    except Fault as fault:
        row.fault = str(fault)
        return
    row.edited, row.deleted, row.conflicts = files.edited, files.deleted, files.conflicts
    row.runtime_edits = files.runtime_edits
    row.losses = [f"{loss.file} ({loss.why})" for loss in files.losses]


def in_threads(work: Callable[[One], Other], items: list[One]) -> list[Other]:
    """Return what the work gives for each item, in their order; meant for work that waits."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(work, items))
