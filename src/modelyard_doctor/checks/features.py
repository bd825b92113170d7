"""Check `features/build.py` on rows of the sample: numbers, one for each row, from it alone."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from modelyard.data.tables import to_request_form
from modelyard.features.spec import names
from modelyard.features.table import feature_table
from modelyard.models.dataset import Dataset
from modelyard.testing import features as promise
from modelyard.testing.leakage import check_no_leak

from ..context import Context
from ..finding import Finding
from ..lines import line_of_name

NAME, FILE = "features", "features/build.py"
FEW = 40  # rows that are computed one by one
REMEDY = "compute each feature from the columns of its row with NumPy"
ALONE = "the same numbers for a row, whatever the rows beside it, their order and the call before"


def check_features(context: Context) -> Iterator[Finding]:
    """Yield what is wrong with the features; keep those of the sample."""
    project, sample = context.project, context.sample
    assert project is not None
    assert sample is not None
    rows = to_request_form(sample.head(FEW), project.schema).to_dicts()
    independent: list[Callable[[], object]] = [partial(promise.check_imports, project)]
    in_turn: list[Callable[[], object]] = [
        partial(promise.check_names, project),
        partial(promise.check_shapes, project, rows),
        partial(promise.check_pure, project, rows),
        partial(promise.check_column_order, project, rows),
        partial(promise.check_alone, project, rows),
    ]
    yield from filter(None, (failed(context, one) for one in independent))
    first = next(filter(None, (failed(context, one) for one in in_turn)), None)
    if first:  # the others would fail for the same reason
        yield first
        return
    expected = names(project.schema, project.build)
    try:
        table = feature_table(sample, project.schema, project.build, expected)
    except Exception as failure:
        yield context.finding(NAME, failure, FILE, "numbers for each valid row", REMEDY)
        return
    X, y = table.drop("target").to_numpy(), table["target"].to_numpy()
    wrong = list(wrong_values(context, X, expected))
    yield from wrong or leaks(context, Dataset(X, y), expected)
    if not wrong:
        context.dataset = Dataset(np.ascontiguousarray(X, np.float32), y)


def failed(context: Context, check: Callable[[], object]) -> Finding | None:
    """Return the finding of a check of the tests; None if it holds."""
    try:
        check()
    except Exception as failure:
        allowed = ALONE if isinstance(failure, AssertionError) else "numbers for each valid row"
        found = context.finding(NAME, failure, FILE, allowed, REMEDY)
        line = found.line or line_of_name(context.root / context.path(FILE), "build")
        return Finding(NAME, found.file, found.found, found.allowed, found.remedy, line)
    return None


def wrong_values(context: Context, X: np.ndarray, expected: list[str]) -> Iterator[Finding]:
    """Yield the features that are infinite, or missing in every row."""
    wrong = {
        "infinite": (np.isinf(X).any(axis=0), "guard the division or the logarithm: np.where"),
        "missing in every row": (np.isnan(X).all(axis=0), "remove it, or compute it otherwise"),
    }
    for what, (columns, remedy) in wrong.items():
        for index in np.flatnonzero(columns):
            name = expected[index]
            rows = int(np.isinf(X[:, index]).sum())
            count = f" in {rows:,} of {len(X):,} rows" if rows else ""
            yield context.error(
                NAME, FILE, f"feature {name} is {what}{count}", "finite or missing numbers", remedy,
                line_of_name(context.root / context.path(FILE), name, "build"),
            )  # fmt: skip


def leaks(context: Context, rows: Dataset, expected: list[str]) -> Iterator[Finding]:
    """Yield a feature that alone predicts the target."""
    assert context.schema is not None
    half = np.arange(len(rows.y)) % 2 == 0
    train, other = (Dataset(rows.X[part], rows.y[part]) for part in (half, ~half))
    try:
        check_no_leak(train, other, expected, context.schema.target.task)
    except AssertionError as failure:
        allowed, remedy = "features known before the target", "drop the column in ingest"
        found = context.finding(NAME, failure, FILE, allowed, remedy)
        yield context.error(NAME, FILE, found.found, allowed, remedy)
