"""Check that `params.yaml` is valid, and that it fits the target of the schema."""

import re
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from modelyard.console import UserError
from modelyard.models.gates.fairness import fairness_checks
from modelyard.models.metrics import get_metric, measure
from modelyard.models.scorer import Predictions
from modelyard.params import Params, read_params
from modelyard.schema.columns import Category
from modelyard.schema.contract import Schema

from ..context import PARAMS, Context
from ..failures import parts_of
from ..finding import Finding
from ..lines import line_of_setting, line_of_text

NAME = "task"
Scores = tuple[np.ndarray, np.ndarray]
SETTING = re.compile(r"[a-z_]+(?:\.\w+)*")
LINE = re.compile(r"line (\d+)")


def check_params(context: Context) -> Iterator[Finding]:
    """Yield why `params.yaml` cannot be read; keep its content."""
    try:
        context.params = read_params()
    except UserError as refused:
        yield setting_finding(context, "params", refused, "correct the setting")


def check_task(context: Context) -> Iterator[Finding]:
    """Yield the settings that do not fit the target, by the runtime's own functions."""
    schema, params = context.schema, context.params
    assert schema is not None
    assert params is not None
    for tests in (metrics, fairness, fallback):
        for test in tests(schema, params):
            yield from refused(context, schema, test)
    yield from slice_values(context, schema)


def refused(context: Context, schema: Schema, test: Callable[[], object]) -> Iterator[Finding]:
    """Yield the finding of a test if the runtime refuses the setting."""
    try:
        test()
    except UserError as failure:
        task = schema.target.task
        remedy = f"the target {schema.target.name} in schema.py needs {task}: name one of these"
        yield setting_finding(context, NAME, failure, remedy)


def setting_finding(context: Context, check: str, refused: UserError, remedy: str) -> Finding:
    """Return the finding of a setting that the runtime refuses, with its line."""
    found = context.finding(check, refused, PARAMS, "a value that the comment describes", remedy)
    said = parts_of(str(refused)).found
    named, quoted = SETTING.match(said), re.search(r"names '([^']+)'", said)
    line = found.line
    if marked := LINE.search(said):
        line = int(marked[1])
    elif named:
        inner = f"{named[0]}.{quoted[1]}" if quoted else named[0]
        line = line_of_setting(context.root / PARAMS, inner)
    return Finding(check, PARAMS, found.found, found.allowed, found.remedy, line)


def few_scores(schema: Schema) -> Scores:
    """Return true values and scores of few rows, for which all metrics of the task exist."""
    if schema.target.task == "regression":
        return np.array([0.0, 1.0]), np.array([[0.1], [0.9]])
    count = len(schema.target.values)
    return np.arange(count), np.full((count, count), 0.1 / count) + 0.9 * np.eye(count)


def metrics(schema: Schema, params: Params) -> Iterator[Callable[[], object]]:
    """Yield a test of each metric that `params.yaml` names."""
    known = measure(schema.target.task, *few_scores(schema), params.decision.threshold)
    named = [("search.choose_by", params.search.choose_by)]
    sections = {
        "gate": (params.gate, ("floors", "over_baseline", "slice_floors")),
        "monitoring": (params.monitoring, ("max_fall", "floors")),
    }
    for section, (settings, names) in sections.items():
        for name in names if settings else ():
            named += [(f"{section}.{name}", metric) for metric in getattr(settings, name)]
    for where, metric in named:
        yield partial(get_metric, known, metric, where)


def fairness(schema: Schema, params: Params) -> Iterator[Callable[[], object]]:
    """Yield a test of each measure of fairness."""
    y, scores = few_scores(schema)
    predictions = Predictions(scores, schema.target, params.decision.threshold)
    for name, limit in params.gate.fairness.limits.items():
        one = params.gate.fairness.model_copy(update={"limits": {name: limit}})
        yield partial(fairness_checks, y, {}, predictions, one)


def fallback(schema: Schema, params: Params) -> Iterator[Callable[[], object]]:
    """Yield a test of what a device answers for an invalid row."""
    if params.edge:
        from modelyard.serving.edge.bundle import check_fallback  # only with the target edge

        yield partial(check_fallback, params.edge.fallback, schema.target)


def slice_values(context: Context, schema: Schema) -> Iterator[Finding]:
    """Yield the values of slices that their column does not allow."""
    source = (context.root / context.path("schema.py")).read_text("utf-8")
    for one in schema.slices:
        column = schema.column(one.column)
        if not isinstance(column, Category) or column.others:
            continue
        named = {value for values in one.groups.values() for value in values}
        for value in sorted(named - {*column.values}):
            yield context.error(
                NAME, "schema.py", f"slice {one.name} groups {value!r}, which {one.column} lacks",
                f"values of {one.column}: {', '.join(column.values)}",
                "correct the value, or add it to the column",
                line_of_text(source, rf"Slice\(\s*[\"']{re.escape(one.name)}"),
            )  # fmt: skip
