"""Read the choices made at the project's creation: `[tool.modelyard]` in `pyproject.toml`."""

import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .console import UserError

PYPROJECT = Path("pyproject.toml")
ALLOWED: dict[str, tuple[Any, ...]] = {
    "level": (1, 2, 3),
    "targets": ("rest", "batch", "edge"),
    "tracker": ("dvclive", "mlflow", "wandb"),
}


@dataclass(frozen=True)
class Choices:
    """Automation level, serving targets and experiment tracker."""

    level: int
    targets: tuple[str, ...]
    tracker: str

    def include(self, level: int, targets: tuple[str, ...]) -> bool:
        """Return whether the project has at least a level, and one of some targets, if any."""
        return self.level >= level and (not targets or bool({*targets} & {*self.targets}))


def read_choices(path: Path = PYPROJECT) -> Choices:
    """Read the choices.

    Raises:
        UserError: the file does not exist, is not TOML, or holds an invalid choice.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; run this in the project's folder") from None
    except ValueError as failure:
        raise UserError(f"{path} is not TOML: {failure}") from None
    found = content.get("tool", {}).get("modelyard", {})
    for name, allowed in ALLOWED.items():
        _check(f"{path}: tool.modelyard.{name}", found.get(name), allowed)
    return Choices(found["level"], tuple(found["targets"]), found["tracker"])


def read_choices_beside(file: Path) -> Choices | None:
    """Read the choices of a file's project; None if it has no `pyproject.toml`, as in an image."""
    path = file.with_name(PYPROJECT.name)
    return read_choices(path) if path.is_file() else None


def runtime_version() -> str:
    """Return the version of the installed runtime package; empty if its source is in `src/`."""
    try:
        return version("modelyard")
    except PackageNotFoundError:
        return ""


def _check(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    many = isinstance(value, list)
    values = value if many else [value]
    fits = values and all(type(one) in (int, str) and one in allowed for one in values)
    if not fits or many != name.endswith("targets"):
        listed = ", ".join(map(str, allowed))
        raise UserError(f"{name} is {value!r}, allowed are {listed}")
