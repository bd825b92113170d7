"""What the pipeline reads, and what of it changed since it ran."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ..registry.stages import stale

CLOCK = "data.as_of"
RUNTIME = Path("runtime.json")
PARAMS = ("params", RUNTIME.name)


class Changed(NamedTuple):
    """What differs from what the last run read: sources outside `src/`; code and params."""

    sources: list[str]
    code: list[str]


class Pipeline(NamedTuple):
    """What `dvc.yaml` says that its stages read and that none of them makes.

    Attributes:
        sources: files outside `src/`.
        code: files in `src/`.
        params: names in `params.yaml`.
        runtime: keys of `runtime.json`.
        commands: of the stages.
    """

    sources: list[str]
    code: list[str]
    params: list[str]
    runtime: list[str]
    commands: list[str]


def read_pipeline(path: Path = Path("dvc.yaml")) -> Pipeline:
    """Read what the stages depend on."""
    stages = yaml.safe_load(path.read_text("utf-8"))["stages"].values()
    made = {name(out) for stage in stages for out in stage.get("outs", [])}
    read = {one for stage in stages for one in stage.get("deps", [])} - made
    params = [one for stage in stages for one in stage.get("params", [])]
    return Pipeline(
        sorted(one for one in read if not one.startswith("src/")),
        sorted(one for one in read if one.startswith("src/")),
        sorted(set(filter(is_name, params)) - {CLOCK}),
        sorted({key for one in params if not is_name(one) for key in one[RUNTIME.name]}),
        [stage["cmd"] for stage in stages],
    )


def is_name(param: str | dict[str, list[str]]) -> bool:
    """Tell a param of `params.yaml` from the keys of another file."""
    return isinstance(param, str)


def name(out: str | dict[str, Any]) -> str:
    """Give the path of an out, which may have settings."""
    return out if isinstance(out, str) else next(iter(out))


def changed(pipeline: Pipeline) -> Changed:
    """Ask DVC, which compares hashes.

    Raises:
        UserError: DVC cannot say.
    """
    parts = [part for stage in stale().values() for part in stage]
    found: dict[str, None] = {}
    for part in parts:
        if isinstance(part, str):
            found["dvc.yaml"] = None
        else:
            found |= dict.fromkeys(listed(part.get("changed deps", {})))
    sources = [one for one in found if one in pipeline.sources]
    known = {*pipeline.code, "dvc.yaml"}
    return Changed(sources, [one for one in found if one in known or one.startswith(PARAMS)])


def listed(deps: dict[str, Any]) -> Iterable[str]:
    """Name changed files, and changed params but the clock."""
    for path, how in deps.items():
        if isinstance(how, dict):
            yield from (f"{path}: {param}" for param in how if param != CLOCK)
        else:
            yield path


def locked_day(path: Path = Path("dvc.lock")) -> date | None:
    """Give the day of the last snapshot, also if `params.yaml` was edited since; None without."""
    stages = (yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}).get("stages", {})
    params = [stage.get("params", {}).get("params.yaml", {}) for stage in stages.values()]
    days = [str(one[CLOCK]) for one in params if CLOCK in one]
    return date.fromisoformat(days[0]) if days else None
