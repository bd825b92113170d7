"""Run all checks on the project in the working folder."""

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from modelyard.project import find_package

from . import START
from .checks.estimator import check_estimator, check_search
from .checks.examples import check_declarations, check_examples
from .checks.features import check_features
from .checks.files import check_files, folder_of
from .checks.ingest import check_ingest
from .checks.leftovers import check_marks, check_words
from .checks.rows import check_key, check_schema, check_split
from .checks.settings import check_params, check_task
from .context import Context
from .failures import place_of
from .finding import Finding


class Check(NamedTuple):
    """A check: its name, its function, and what of the context it needs."""

    name: str
    function: Callable[[Context], Iterator[Finding]]
    needs: tuple[str, ...] = ()


CHECKS = (
    Check("files", check_files),
    Check("params", check_params),
    Check("task", check_task, ("schema", "params")),
    Check("schema", check_declarations, ("schema",)),
    Check("ingest", check_ingest, ("schema", "params", "data/ingest.py")),
    Check("key", check_key, ("schema", "raw")),
    Check("schema", check_schema, ("schema", "params", "raw")),
    Check("split", check_split, ("schema", "params", "sample")),
    Check("features", check_features, ("project", "sample")),
    Check("estimator", check_estimator, ("project", "params", "dataset", "estimator")),
    Check("search", check_search, ("params", "dataset", "estimator", "trainable")),
    Check("examples", check_examples, ("project", "examples")),
    Check("words", check_words, ("schema",)),
    Check("marks", check_marks),
)


NEEDED = {  # in words
    "schema": "schema.py",
    "params": "params.yaml",
    "project": "schema.py and features/build.py",
    "estimator": "models/estimator.py",
    "examples": "tests/examples.py",
    "raw": "the rows of ingest",
    "sample": "rows that fit the schema",
    "dataset": "features",
    "trainable": "a model that can be trained",
}


class Report(NamedTuple):
    """The result of a run: findings, what each check said, and the context."""

    findings: list[Finding]
    results: dict[str, str]
    context: Context

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return all(one.level != "error" for one in self.findings)

    def record(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "ok": self.ok,
            "package": self.context.package,
            "checks": self.results,
            "findings": [one.record() for one in self.findings],
            "columns": self.context.verdicts,
            "facts": self.context.facts,
            "seconds": {name: round(s, 3) for name, s in self.context.seconds.items()},
        }


def examine(root: Path, package: str = "") -> Report:
    """Run all checks in a project, which is the working folder.

    What the user's code prints goes to stderr.

    Raises:
        UserError: no project is installed, or several.
    """
    root = root.resolve()
    name = find_package(package)
    context = Context(root, name, folder_of(name, root))
    findings: list[Finding] = []
    results: dict[str, str] = {}
    with redirect_stdout(sys.stderr):
        for check in CHECKS:
            lacking = [need for need in check.needs if not has(context, need)]
            if lacking:
                name = NEEDED.get(lacking[0], lacking[0])
                results.setdefault(check.name, f"not run: needs {name}")
                continue
            found = list(attempt(check, context))
            findings += found
            context.failed |= {one.check for one in found if one.level == "error"}
            own = [one for one in findings if one.check == check.name]
            results[check.name] = summary(own)
    context.seconds["total"] = time.perf_counter() - START
    return Report(findings, results, context)


def has(context: Context, need: str) -> bool:
    """Return whether a check has what it needs."""
    if need == "trainable":
        return "estimator" not in context.failed
    return need in context.modules or getattr(context, need, None) is not None


def attempt(check: Check, context: Context) -> Iterator[Finding]:
    """Run a check; an unexpected exception is a finding, too."""
    try:
        yield from check.function(context)
    except Exception as failure:
        traceback.print_exc(file=sys.stderr)
        found = context.finding(check.name, failure, "", "a check that ends", "report this output")
        place = place_of(failure, context.root) or (found.file or ".", None)
        yield Finding(check.name, place[0], found.found, found.allowed, found.remedy, place[1])


def summary(own: list[Finding]) -> str:
    """Return what a check said in one word or two."""
    counts = {level: sum(one.level == level for one in own) for level in ("error", "note")}
    said = [f"{n} {level}" + ("s" if n > 1 else "") for level, n in counts.items() if n]
    return ", ".join(said) or "ok"
