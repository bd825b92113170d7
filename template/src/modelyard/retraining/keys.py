"""Hashes by which it is known what a run was made from."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from ..choices import installed
from ..console import UserError
from ..data.read import read_table
from ..files import read_json, sha256
from ..params import read_params
from ..places import RAW
from ..project import Ingest
from .clock import PARAMS
from .stale import RUNTIME, Pipeline, locked_day

VENDORED = "src/modelyard/"
TRAINS = tuple(f"{VENDORED}{one}/" for one in ("schema", "data", "features", "models"))
SERVES = (f"{VENDORED}data/rows.py",)
"""Of the runtime, what `runtime.json` has hashes of, and what of that only serves."""


def code(pipeline: Pipeline) -> str:
    """Hash all that trains: files, params, commands."""
    params = yaml.safe_load(PARAMS.read_text("utf-8"))
    values = [(one, value(params, one.split("."))) for one in pipeline.params]
    runtime = read_json(RUNTIME, "git checkout brings it back") if pipeline.runtime else {}
    values += [(f"runtime: {one}", runtime.get(one)) for one in pipeline.runtime]
    return digest([*contents(pipeline.code), *values, *pipeline.commands])


def serving(pipeline: Pipeline) -> str:
    """Hash all code that does not train, and the version of the runtime if it is a package."""
    training = dict(contents(pipeline.code))
    found = [one for one in contents(["src"]) if one[0] not in training and not trains(one[0])]
    return digest([*found, installed()])


def trains(path: str) -> bool:
    """Tell whether a file is code of the runtime that trains."""
    return path.startswith(TRAINS) and path not in SERVES


def value(params: Any, path: list[str]) -> Any:
    """Give a param or a section."""
    for part in path:
        params = params[part]
    return params


def data(pipeline: Pipeline, rows: str) -> str:
    """Hash all data: the sources' content, and the rows that `ingest` gives."""
    return digest([*contents(pipeline.sources), rows])


def contents(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Give the path and hash of each file, also of those in folders; caches do not count."""
    files = [file for path in paths for file in below(Path(path))]
    return [(file.as_posix(), sha256(file)) for file in sorted(files)]


def below(path: Path) -> list[Path]:
    """List the files of a folder and its folders, or the one file."""
    if not path.is_dir():
        return [path] if path.exists() else []
    return [one for one in path.rglob("*") if one.is_file() and one.parent.name != "__pycache__"]


def digest(parts: Iterable[Any]) -> str:
    """Hash parts that JSON can hold."""
    text = json.dumps([*parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def rows_now(ingest: Ingest) -> str:
    """Hash the rows that `ingest` gives now for the day of the last snapshot."""
    return hashed(ingest(locked_day() or read_params().data.as_of))


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
