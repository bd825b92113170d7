"""Parity of the exported model and scikit-learn, also for values that real rows may lack."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
import polars as pl

from ..console import UserError
from ..data.read import first_line
from ..data.tables import to_rows
from ..features.spec import matrix
from ..schema.columns import Category, Column, Number
from ..schema.contract import Schema, Task
from .dataset import Dataset
from .loss import score
from .scorer import Scorer

COPIES = 200  # number of rows that are copied for each change
ROUNDING = 1e-6  # float32 rounds a score by less, which may flip one at the threshold
INFINITE = 1e38  # such a threshold of a tree only separates missing values from others
EXACT = 2**24  # float32 holds all whole numbers up to this one


def check_parity(scorer: Scorer, model: Any, rows: Dataset, task: Task, tolerance: float) -> float:
    """Compare the scores of the exported model with those of scikit-learn.

    Returns:
        The largest difference; for regression, relative to the standard deviation of the target.

    Raises:
        UserError: the difference exceeds `tolerance`, or the predicted class of a row differs.
    """
    gap, _, flips = differences(scorer, model, rows.X, task)
    gap /= max(float(np.std(rows.y)), 1e-12) if task == "regression" else 1.0
    refuse_difference("", scorer, rows.X, gap, flips, tolerance)
    return float(gap.max())


def check_unusual(
    scorer: Scorer, model: Any, content: bytes, table: pl.DataFrame, schema: Schema, most: float
) -> None:
    """Compare the scores of copies of some rows with missing, extreme and unknown values.

    A numeric target may differ by `most` times its standard deviation, or the greater number.

    Raises:
        UserError: scores or classes differ, or scikit-learn refuses the copies.
    """
    task, target = schema.target.task, table[schema.target.name]
    spread = float(np.std(target.to_numpy())) if task == "regression" else 1.0
    for what, X in unusual_rows(content, table, schema, scorer):
        try:
            gap, size, flips = differences(scorer, model, X, task)
        except ValueError as failure:
            raise UserError(
                f"models/estimator.py: scikit-learn cannot predict rows where {what} "
                f"({first_line(failure)}); impute in the estimator, or refuse them in schema.py"
            ) from None
        gap /= np.maximum(size, spread)
        refuse_difference(f" where {what}", scorer, X, gap, flips & (gap > ROUNDING), most)


def differences(
    scorer: Scorer, model: Any, X: np.ndarray, task: Task
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each row the difference of scores, their size, and whether the class differs."""
    library, exported = score(model, X, task).astype(np.float64), scorer.predict_features(X)
    own = type(exported)(library.astype(np.float32), scorer.target, scorer.threshold)
    gap, size = np.abs(library - exported.scores).max(axis=1), np.abs(library).max(axis=1)
    return gap, size, own.class_indices() != exported.class_indices()


def refuse_difference(
    where: str, scorer: Scorer, X: np.ndarray, gap: np.ndarray, flips: np.ndarray, most: float
) -> None:
    """Raise a `UserError` if a score differs by more than `most`, or a class differs."""
    row = int(gap.argmax())
    if gap[row] > most or flips.any():
        cause = too_large(X[[row]], scorer.features)
        raise UserError(
            f"ONNX and scikit-learn differ by {gap[row]:.2g} in row {row}{where} and in "
            f"{flips.sum()} decisions of {len(gap)}, allowed are {most:g} and 0 (params.yaml: "
            f"gate.max_parity_gap); {cause or 'a scaler in front of trees is the usual cause'}"
        )


def too_large(X: np.ndarray, names: list[str]) -> str:
    """Name a feature with a whole number that float32 may round; "" if there is none."""
    for name, values in zip(names, X.T, strict=True):
        if len(large := values[np.abs(values) > EXACT]):
            rounded = "float32 rounds whole numbers above 2^24 (16,777,216)"
            return f"feature {name} is {large[0]:,.0f}: {rounded}; rescale it in features/build.py"
    return ""


def unusual_rows(
    content: bytes, table: pl.DataFrame, schema: Schema, scorer: Scorer
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what is changed, such as "seats is missing", and the feature matrix of the copies."""
    rows = to_rows(table.gather_every(max(1, table.height // COPIES)).head(COPIES), schema)
    optional = [column for column in schema.columns if not column.required]
    changes = [(one, change) for one in schema.columns for change in unusual(one)]
    named = [(f"{one.name} is {what}", [one], value) for one, (what, value) in changes]
    for what, columns, value in [*named, ("all optional columns are missing", optional, None)]:
        column_values = [value] * len(rows[schema.key])
        changed = rows | {column.name: column.to_array(column_values) for column in columns}
        yield what, matrix(changed, scorer.features, scorer.build)
    X = matrix(rows, scorer.features, scorer.build)
    for index, values in thresholds(content, len(X) // 3, X.shape[1]):
        copy = X.copy()
        copy[:, index] = np.resize(values, len(X))
        yield f"feature {scorer.features[index]} is at a threshold of the trees", copy


def unusual(column: Column) -> Iterator[tuple[str, Any]]:
    """Yield allowed values that rows may lack: missing, ends of the range, unknown category."""
    if not column.required:
        yield "missing", None
    if isinstance(column, Number):
        limits = [limit for limit in (column.min, column.max) if limit is not None]
        yield from ((f"{limit:g}, an end of its range", limit) for limit in limits)
    if isinstance(column, Category) and column.others:
        yield "an unknown text", "?" * (1 + max(map(len, column.values)))


def thresholds(content: bytes, count: int, width: int) -> Iterator[tuple[int, np.ndarray]]:
    """Yield a feature's index, and `count` thresholds of it in trees with the numbers beside."""
    for node in onnx.load_model_from_string(content).graph.node:
        tree = {one.name: np.array(onnx.helper.get_attribute_value(one)) for one in node.attribute}
        if "nodes_values" in tree:
            splits = (tree["nodes_modes"] != b"LEAF") & (np.abs(tree["nodes_values"]) < INFINITE)
            features, values = (tree[f"nodes_{name}"][splits] for name in ("featureids", "values"))
            for index in np.unique(features[features < width]):
                few = np.unique(values[features == index].astype(np.float32))
                few = few[:: -(-len(few) // max(1, count))]
                near = (np.nextafter(few, np.float32(end)) for end in (-np.inf, np.inf))
                yield index, np.concatenate([few, *near])
