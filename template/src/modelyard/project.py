"""Find and load the project: its package, schema, features, ingest and estimator.

A project declares its package as an entry point of the group `modelyard.project` in its
`pyproject.toml`. Only the command line and the services look the project up; all other code gets
schema, features or estimator as arguments.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .console import UserError

if TYPE_CHECKING:  # naming a project must not import NumPy: supervising processes stay small
    import numpy as np

    from .schema.columns import Rows
    from .schema.contract import Schema

GROUP = "modelyard.project"
VARIABLE = "MODELYARD_PROJECT"
REMEDY = f'declare it in pyproject.toml: [project.entry-points."{GROUP}"], NAME = "PACKAGE"'

Build = Callable[["Rows"], dict[str, "np.ndarray"]]
Ingest = Callable[[date], Any]  # returns a Polars DataFrame; devices have no Polars


@dataclass(frozen=True)
class Project:
    """The code of a project: package, schema (`schema.py`), features (`features/build.py`)."""

    package: str
    schema: "Schema"
    build: Build

    @property
    def ingest(self) -> Ingest:
        """The function that fetches the rows (`data/ingest.py`)."""
        found: Ingest = import_attribute(f"{self.package}.data.ingest", "ingest")
        return found

    @property
    def estimator(self) -> Any:
        """The module that creates the models (`models/estimator.py`)."""
        return import_project_module(f"{self.package}.models.estimator")


def find(name: str = "") -> Project:
    """Load a project: by default that of MODELYARD_PROJECT, else of the entry point."""
    return load(find_package(name))


def find_package(name: str = "") -> str:
    """Return the name of the package that `find` would load, without importing it.

    Raises:
        UserError: no project is installed, or more than one.
    """
    if name := name or os.environ.get(VARIABLE, ""):
        return name
    from importlib.metadata import entry_points  # imported here, as devices start faster without it

    packages = sorted({one.value for one in entry_points(group=GROUP)})
    if not packages:
        raise UserError(f"no project is installed in this environment; {REMEDY}")
    if len(packages) > 1:
        listed = ", ".join(packages)
        raise UserError(f"several projects are installed, choose one with --project: {listed}")
    return packages[0]


def load(package: str) -> Project:
    """Import a project's schema and features.

    Raises:
        UserError: the package does not exist, or lacks one of them.
    """
    from .schema.contract import Schema

    schema = import_attribute(f"{package}.schema", "SCHEMA")
    if not isinstance(schema, Schema):
        raise UserError(f"schema.py: SCHEMA is a {type(schema).__name__}, allowed is a Schema(…)")
    return Project(package, schema, import_attribute(f"{package}.features.build", "build"))


def import_attribute(module: str, name: str) -> Any:
    """Import an attribute of a project's module.

    Raises:
        UserError: the module or the attribute does not exist, or the schema is invalid.
    """
    found = import_project_module(module)
    if not hasattr(found, name):
        file = module.partition(".")[2].replace(".", "/")
        raise UserError(f"{file}.py has no {name}")
    return getattr(found, name)


def import_project_module(module: str) -> Any:
    """Import a project's module.

    Raises:
        UserError: the module does not exist, or the schema is invalid.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name and (module == error.name or module.startswith(f"{error.name}.")):
            raise UserError(f"no module {error.name}, the project needs {module}") from None
        raise
    except ValueError as error:
        if str(error).startswith("schema.py: "):
            raise UserError(str(error)) from None
        raise
