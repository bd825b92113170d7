"""Check that `tests/examples.py` keeps to the schema, the features and the rows of ingest."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from modelyard.testing import features, ingest, schema

from ..context import EXAMPLES, Context
from ..finding import Finding
from ..lines import line_of_item, line_of_name

NAME = "examples"
Try = tuple[str, int, Callable[[], object]]  # variable, index of its item, check


def check_examples(context: Context) -> Iterator[Finding]:
    """Yield the examples that do not fit."""
    project, examples = context.project, context.examples
    assert project is not None
    assert examples is not None
    tried = list(failures(context, rows_of(context)))
    if not tried and context.raw is not None and not {"key", "schema"} & context.failed:
        tried = list(failures(context, arrived(context)))
    yield from tried
    if not tried:  # the others change a row of ROWS
        yield from failures(context, cases_of(context))
        yield from unknown_names(context)


def failures(context: Context, tries: Iterator[Try]) -> Iterator[Finding]:
    """Yield the finding of each check that fails."""
    for variable, index, check in tries:
        try:
            check()
        except Exception as failure:
            allowed = "examples that fit schema.py and features/build.py"
            remedy = f"correct {variable}[{index}], or the schema"
            found = context.finding(NAME, failure, EXAMPLES, allowed, remedy)
            line = line_of_item(context.root / EXAMPLES, variable, index)
            text = found.found.removeprefix("ROWS or TARGETS break schema.py: ")
            yield Finding(
                NAME, EXAMPLES, f"{variable}[{index}]: {text}", found.allowed, remedy, line
            )


def rows_of(context: Context) -> Iterator[Try]:
    """Yield a check of the rows with their targets, and with the rows of ingest."""
    found, examples = context.schema, context.examples
    assert found is not None
    assert examples is not None
    rows, targets = examples.ROWS, examples.TARGETS
    if len(rows) < 3 or len(rows) != len(targets):
        yield "ROWS", 0, partial(schema.check_examples, found, rows, targets)
        return
    for index, (row, target) in enumerate(zip(rows, targets, strict=True)):
        one = partial(schema.check_examples, found, [row] * 3, [target] * 3)
        yield "ROWS", index, one


def arrived(context: Context) -> Iterator[Try]:
    """Yield a check that ingest returns the rows, with these values."""
    found, examples = context.schema, context.examples
    assert found is not None
    assert examples is not None
    assert context.raw is not None
    rows, targets = examples.ROWS, examples.TARGETS
    yield "ROWS", 0, partial(ingest.check_examples_arrived, context.raw, found, rows, targets)


def cases_of(context: Context) -> Iterator[Try]:
    """Yield a check of each invalid value and of each expected feature."""
    project, examples = context.project, context.examples
    assert project is not None
    assert examples is not None
    first = examples.ROWS[0]
    for index, (column, value) in enumerate(examples.BAD_VALUES):
        bad = partial(schema.check_bad_value, project.schema, first, column, value)
        yield "BAD_VALUES", index, bad
    if "features" in context.failed:
        return
    for index, (change, expected) in enumerate(examples.FEATURE_CASES):
        yield (
            "FEATURE_CASES",
            index,
            partial(features.check_case, project, first | change, expected),
        )
    for index, (column, feature) in enumerate(examples.MISSING_CASES):
        missing = partial(features.check_missing, project, first, column, feature)
        yield "MISSING_CASES", index, missing


def unknown_names(context: Context) -> Iterator[Finding]:
    """Yield columns and classes in changes that the schema does not have."""
    found, examples = context.schema, context.examples
    assert found is not None
    assert examples is not None
    classes = [*(found.target.values or (found.target.name,))]
    changes: list[tuple[str, int, dict[str, Any], Any]] = [
        *(("SAME", index, row, None) for index, row in enumerate(examples.SAME)),
        *(("RAISES", index, *pair) for index, pair in enumerate(examples.RAISES)),
    ]
    for variable, index, row, raised in changes:
        unknown = [name for name in row if name not in found.names]
        if raised is not None and raised not in classes:
            unknown, allowed = [raised], ", ".join(classes)
        else:
            allowed = f"columns of schema.py: {', '.join(found.names)}"
        if unknown:
            line = line_of_item(context.root / EXAMPLES, variable, index)
            text = f"{variable}[{index}] names {', '.join(map(str, unknown))}"
            remedy = f"correct {variable}[{index}]"
            yield Finding(NAME, EXAMPLES, text, allowed, remedy, line)


def check_declarations(context: Context) -> Iterator[Finding]:
    """Yield columns without a description, and a time column that splits nothing."""
    found = context.schema
    assert found is not None
    path = context.root / context.path("schema.py")
    for check, allowed, remedy in (
        (schema.check_descriptions, "a description of each column", "describe it in a few words"),
        (schema.check_time, "time=… if rows have a time", "name the column: time=…"),
    ):
        try:
            check(found)
        except AssertionError as failure:
            one = context.finding("schema", failure, "schema.py", allowed, remedy)
            empty = [column.name for column in found.columns if not column.description.strip()]
            line = line_of_name(path, *empty, "SCHEMA")
            yield Finding("schema", one.file, one.found, one.allowed, one.remedy, line)
