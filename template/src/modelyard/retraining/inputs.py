"""Inputs of the pipeline: their hashes, and what changed since the last run."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from ..choices import runtime_version
from ..console import UserError
from ..data.read import read_table
from ..data.tables import cast_column
from ..files import sha256
from ..params import read_params
from ..places import RAW
from ..project import Ingest, Project
from ..registry.dvc import call

if TYPE_CHECKING:
    from dvc.repo import Repo

AS_OF = "params.yaml: data.as_of"
SOURCES = Path("src")
VENDORED = "src/modelyard/"
TRAINING_CODE = tuple(f"{VENDORED}{one}/" for one in ("schema", "data", "features", "models"))
SERVING_CODE = (f"{VENDORED}data/pydantic_schema.py",)
"""Runtime code that `runtime.json` has hashes of, and the files there that only serve."""


class InputGroup(NamedTuple):
    """Current hash of each file and value of each param that stages read, and which changed."""

    now: dict[str, Any]
    changed: list[str]

    def key(self, *more: str) -> str:
        """Hash the group, and further values."""
        return digest([sorted(self.now.items()), *more])


class Inputs(NamedTuple):
    """External inputs of the stages in `dvc.yaml`: everything they read that no stage writes.

    Attributes:
        code: files in `src/`, params, and the stages' commands.
        data: other files.
        day: day of the last snapshot, from `dvc.lock`; None if there is none.
    """

    code: InputGroup
    data: InputGroup
    day: date | None

    def serving_hash(self) -> str:
        """Hash all code that is not training code, and the version of an installed runtime."""
        files = [one for one in sorted(SOURCES.rglob("*")) if one.is_file() and self.serves(one)]
        return digest([*((one.as_posix(), sha256(one)) for one in files), runtime_version()])

    def serves(self, file: Path) -> bool:
        """Return whether a file in `src/` is code, but not training code."""
        read = any(one.as_posix() in self.code.now for one in (file, *file.parents))
        training = read or is_training_code(file.as_posix())
        return not training and file.parent.name != "__pycache__"


def is_training_code(path: str) -> bool:
    """Return whether a file of the runtime is used in training."""
    return path.startswith(TRAINING_CODE) and path not in SERVING_CODE


def read_inputs() -> Inputs:
    """Return the pipeline's inputs, compared with those of the last run by DVC."""
    return call(compare_with_lock)


def compare_with_lock(repo: "Repo") -> Inputs:
    """Compare the current inputs of all stages with those in `dvc.lock`."""
    stages = [one for one in repo.index.stages if one.cmd]
    outputs = {out.def_path for one in stages for out in one.outs}
    code, data, day = InputGroup({}, []), InputGroup({}, []), None
    for stage in stages:
        add_input(code, f"dvc.yaml: {stage.addressing}", stage.cmd, changed=stage.cmd_changed)
    for dep in (one for stage in stages for one in stage.deps if one.def_path not in outputs):
        locked = dict(values_by_name(dep))
        day = locked.pop(AS_OF, day)
        dep.save()
        for name, value in values_by_name(dep):
            group = code if dep.def_path.startswith("src/") or name != dep.def_path else data
            add_input(group, name, value, changed=value != locked.get(name))
    return Inputs(code, data, date.fromisoformat(str(day)) if day else None)


def add_input(group: InputGroup, name: str, value: Any, *, changed: bool) -> None:
    """Add an input to a group; `data.as_of` is left out, as a new day alone is not a change."""
    if name == AS_OF:
        return
    group.now[name] = value
    if changed and name not in group.changed:
        group.changed.append(name)


def values_by_name(dep: Any) -> Iterator[tuple[str, Any]]:
    """Yield the path and hash of a file, or the name and value of each param."""
    value = dep.hash_info.value
    if isinstance(value, dict):
        yield from ((f"{dep.def_path}: {name}", one) for name, one in value.items())
    else:
        yield dep.def_path, value


def hash_current_rows(ingest: Ingest, day: date | None) -> str:
    """Hash the rows that `ingest` returns now for the day of the last snapshot."""
    return hash_table(ingest(day or read_params().data.as_of))


def newest_row(project: Project, day: date) -> date | None:
    """Return the day of the newest row before a day; None if the schema names no time column."""
    if not project.schema.time:
        return None
    rows, column = project.ingest(day), project.schema.column(project.schema.time)
    newest: date | None = rows.select(cast_column(rows, column, True)).to_series().dt.date().max()
    return newest


def hash_snapshot() -> str:
    """Hash the rows of the last snapshot."""
    if not RAW.exists():
        raise UserError(f"{RAW.as_posix()} does not exist; run: uv run dvc pull")
    return hash_table(read_table(RAW))


def hash_table(rows: pl.DataFrame) -> str:
    """Hash the names, types and values of a table's columns, in any order of its rows."""
    values = rows.hash_rows().sort().to_numpy().tobytes()
    return digest([str(rows.schema), hashlib.sha256(values).hexdigest()])


def digest(parts: Iterable[Any]) -> str:
    """Hash values that can be written as JSON."""
    text = json.dumps([*parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
