"""What the checks of a project share: its folder, and what earlier checks have read."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
from modelyard.models.dataset import Dataset
from modelyard.params import Params
from modelyard.project import Project
from modelyard.schema.contract import Schema

from .failures import parts_of, place_of, text_of
from .finding import Finding, Level

PARAMS = "params.yaml"
EXAMPLES = "tests/examples.py"


@dataclass
class Context:
    """State of a run; None until the check that reads it has succeeded.

    Args:
        root: the project's folder, which is the working folder.
        package: name of the project's package.
        folder: path of the package in the project.
        modules: the imported files of the user by name, such as `features/build.py`.
        raw: all rows that `ingest` returned.
        sample: at most 2,000 valid rows of them, with a label.
        dataset: features and target of the sample.
        verdicts: of each column, whether it fits the schema.
        seconds: what took how long.
        facts: what is said without being a finding.
        failed: names of the checks that found an error.
    """

    root: Path
    package: str
    folder: str
    modules: dict[str, ModuleType] = field(default_factory=dict)
    params: Params | None = None
    raw: pl.DataFrame | None = None
    sample: pl.DataFrame | None = None
    dataset: Dataset | None = None
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    @property
    def schema(self) -> Schema | None:
        """The schema, if `schema.py` could be imported."""
        found = getattr(self.modules.get("schema.py"), "SCHEMA", None)
        return found if isinstance(found, Schema) else None

    @property
    def project(self) -> Project | None:
        """The project, if schema and features could be imported."""
        build = getattr(self.modules.get("features/build.py"), "build", None)
        return Project(self.package, self.schema, build) if self.schema and build else None

    @property
    def examples(self) -> ModuleType | None:
        """The module `tests/examples.py`."""
        return self.modules.get(EXAMPLES)

    @property
    def estimator(self) -> ModuleType | None:
        """The module `models/estimator.py`."""
        return self.modules.get("models/estimator.py")

    def path(self, name: str) -> str:
        """Return the path in the project of a file as messages name it, such as `schema.py`."""
        inside = f"{self.folder}/{name}"
        return inside if (self.root / inside).is_file() else name

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Measure the seconds that a block takes."""
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start

    def finding(
        self, check: str, failure: BaseException, file: str, allowed: str, remedy: str
    ) -> Finding:
        """Return the finding of an exception.

        Args:
            check: name of the check.
            failure: an error of the runtime, or any exception of the user's code.
            file: the file that is to be changed, unless the message names another.
            allowed: what is allowed, unless the message says it.
            remedy: what to do, unless the message says it.
        """
        said, raised = parts_of(text_of(failure)), place_of(failure, self.root)
        name, line = self.path(said.file or file), said.line
        if line is None and raised and (not said.file or raised[0] == name):
            name, line = raised
        return Finding(
            check, name, said.found, said.allowed or allowed, said.remedy or remedy, line
        )

    def error(
        self, check: str, file: str, found: str, allowed: str, remedy: str,
        line: int | None = None, level: Level = "error",
    ) -> Finding:  # fmt: skip
        """Return a finding about a file of the user."""
        return Finding(check, self.path(file), found, allowed, remedy, line, level)
