"""What the pipeline reads, what of it changed since it ran, and the hashes it is known by."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from ..choices import installed
from ..console import UserError
from ..data.read import read_table
from ..files import sha256
from ..params import read_params
from ..places import RAW
from ..project import Ingest
from ..registry.dvc import in_process

if TYPE_CHECKING:
    from dvc.repo import Repo

CLOCK = "params.yaml: data.as_of"
SOURCES = Path("src")
VENDORED = "src/modelyard/"
TRAINS = tuple(f"{VENDORED}{one}/" for one in ("schema", "data", "features", "models"))
SERVES = (f"{VENDORED}data/pydantic_schema.py",)
"""Of the runtime, what `runtime.json` has hashes of, and what of that only serves."""


class Part(NamedTuple):
    """What stages read: the hash of each file, the value of each param; and what of it changed."""

    now: dict[str, Any]
    changed: list[str]

    def key(self, *more: str) -> str:
        """Hash it, and something more."""
        return digest([sorted(self.now.items()), *more])


class Inputs(NamedTuple):
    """What the stages of `dvc.yaml` read that none of them makes.

    Attributes:
        code: files in `src/`, params, and the stages' commands.
        data: other files.
        day: of the last snapshot, also if `params.yaml` was edited since; None if there is none.
    """

    code: Part
    data: Part
    day: date | None

    def serving(self) -> str:
        """Hash all code that does not train, and the version of the runtime if it is a package."""
        files = [one for one in sorted(SOURCES.rglob("*")) if one.is_file() and self.serves(one)]
        return digest([*((one.as_posix(), sha256(one)) for one in files), installed()])

    def serves(self, file: Path) -> bool:
        """Tell whether a file in `src/` is no code that trains, and no cache."""
        read = any(one.as_posix() in self.code.now for one in (file, *file.parents))
        return not read and file.parent.name != "__pycache__" and not trains(file.as_posix())


def trains(path: str) -> bool:
    """Tell whether a file is code of the runtime that trains."""
    return path.startswith(TRAINS) and path not in SERVES


def read_inputs() -> Inputs:
    """Ask DVC, which knows what `dvc.yaml` reads and what it was at the last run.

    Raises:
        UserError: DVC cannot say, for example because a file is not there.
    """
    return in_process(compare)


def compare(repo: "Repo") -> Inputs:
    """Compare what the stages read with what `dvc.lock` says that they read."""
    stages = [one for one in repo.index.stages if one.cmd]
    made = {out.def_path for one in stages for out in one.outs}
    code, data, day = Part({}, []), Part({}, []), None
    for stage in stages:
        note(code, f"dvc.yaml: {stage.addressing}", stage.cmd, changed=stage.cmd_changed)
    for dep in (one for stage in stages for one in stage.deps if one.def_path not in made):
        known = dict(named(dep))
        day = known.pop(CLOCK, day)
        dep.save()
        for name, value in named(dep):
            part = code if dep.def_path.startswith("src/") or name != dep.def_path else data
            note(part, name, value, changed=value != known.get(name))
    return Inputs(code, data, date.fromisoformat(str(day)) if day else None)


def note(part: Part, name: str, value: Any, *, changed: bool) -> None:
    """Note something that stages read; the clock is nothing that changes what is trained."""
    if name == CLOCK:
        return
    part.now[name] = value
    if changed and name not in part.changed:
        part.changed.append(name)


def named(dep: Any) -> Iterator[tuple[str, Any]]:
    """Give the hash of a file by its path, or the value of each param by its name."""
    value = dep.hash_info.value
    if isinstance(value, dict):
        yield from ((f"{dep.def_path}: {name}", one) for name, one in value.items())
    else:
        yield dep.def_path, value


def rows_now(ingest: Ingest, day: date | None) -> str:
    """Hash the rows that `ingest` gives now for the day of the last snapshot."""
    return hashed(ingest(day or read_params().data.as_of))


def rows_known() -> str:
    """Hash the rows of the last snapshot.

    Raises:
        UserError: it is not there.
    """
    if not RAW.exists():
        raise UserError(f"{RAW.as_posix()} is not there; run: uv run dvc pull")
    return hashed(read_table(RAW))


def hashed(rows: pl.DataFrame) -> str:
    """Hash a table by its columns' names, types and values."""
    values = rows.hash_rows().to_numpy().tobytes()
    return digest([str(rows.schema), hashlib.sha256(values).hexdigest()])


def digest(parts: Iterable[Any]) -> str:
    """Hash parts that JSON can hold."""
    text = json.dumps([*parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
