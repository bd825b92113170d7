"""Which package is the project's, and what of it the runtime needs.

A project says it by an entry point of the group `modelyard.project` in its `pyproject.toml`. Only
the command and what serves look the project up; all else takes schema, features or estimator as
arguments.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .console import UserError

if TYPE_CHECKING:  # to name a project needs no NumPy: what looks after workers stays small
    import numpy as np

    from .schema.columns import Rows
    from .schema.contract import Schema

GROUP = "modelyard.project"
VARIABLE = "MODELYARD_PROJECT"
REMEDY = f'pyproject.toml names it: [project.entry-points."{GROUP}"], NAME = "PACKAGE"'

Build = Callable[["Rows"], dict[str, "np.ndarray"]]
Ingest = Callable[[date], Any]  # gives a Polars DataFrame, which no device has


@dataclass(frozen=True)
class Project:
    """A project's own part.

    Args:
        package: the name of its package.
        schema: what a row is (`schema.py`).
        build: makes the features (`features/build.py`).
    """

    package: str
    schema: "Schema"
    build: Build

    @property
    def ingest(self) -> Ingest:
        """The function that fetches the rows (`data/ingest.py`)."""
        found: Ingest = wanted(f"{self.package}.data.ingest", "ingest")
        return found

    @property
    def estimator(self) -> Any:
        """The module that makes the models (`models/estimator.py`)."""
        return imported(f"{self.package}.models.estimator")


def find(name: str = "") -> Project:
    """Load the project of this environment.

    Args:
        name: its package, which needs no look-up; else MODELYARD_PROJECT, else the entry point.

    Raises:
        UserError: there is none, or more than one.
    """
    return load(named(name))


def named(name: str = "") -> str:
    """Name the package of this environment's project, without importing it.

    Args:
        name: as in `find`.

    Raises:
        UserError: there is none, or more than one.
    """
    if name := name or os.environ.get(VARIABLE, ""):
        return name
    from importlib.metadata import entry_points  # here: a device starts faster without it

    packages = sorted({one.value for one in entry_points(group=GROUP)})
    if not packages:
        raise UserError(f"no project is installed in this environment; {REMEDY}")
    if len(packages) > 1:
        listed = ", ".join(packages)
        raise UserError(f"several projects are installed, choose by --project: {listed}")
    return packages[0]


def load(package: str) -> Project:
    """Import a project's schema and features.

    Raises:
        UserError: there is no such package, or it lacks one of them.
    """
    from .schema.contract import Schema

    schema = wanted(f"{package}.schema", "SCHEMA")
    if not isinstance(schema, Schema):
        raise UserError(f"schema.py: SCHEMA is a {type(schema).__name__}, allowed is a Schema(…)")
    return Project(package, schema, wanted(f"{package}.features.build", "build"))


def wanted(module: str, name: str) -> Any:
    """Import a name of a project's module.

    Raises:
        UserError: the module or the name is not there, or the schema contradicts itself.
    """
    found = imported(module)
    if not hasattr(found, name):
        raise UserError(f"{file_of(module)} has no {name}")
    return getattr(found, name)


def imported(module: str) -> Any:
    """Import a project's module.

    Raises:
        UserError: it is not there, or the schema contradicts itself.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as lack:
        if lack.name and (module == lack.name or module.startswith(f"{lack.name}.")):
            raise UserError(f"there is no module {lack.name}, the project needs {module}") from None
        raise
    except ValueError as mistake:
        if str(mistake).startswith("schema.py: "):
            raise UserError(str(mistake)) from None
        raise


def file_of(module: str) -> str:
    """Name a module of a project as its file, seen from the package's folder."""
    return module.partition(".")[2].replace(".", "/") + ".py"


def code_hash(build: Build) -> str:
    """Hash the source file of the features, blind to the kind of line ends."""
    source = Path(str(sys.modules[build.__module__].__file__)).read_text("utf-8")
    return hashlib.sha256(source.encode()).hexdigest()[:12]
