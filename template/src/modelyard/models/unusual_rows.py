"""Copies of rows with values that are allowed but rare: missing, extreme, unknown, at a split."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx

from ..features.spec import matrix
from ..schema.columns import Category, Column, Number, Rows
from ..schema.contract import Schema
from .scorer import Scorer

INFINITE = 1e38  # such a threshold only separates missing values from all others


def unusual_rows(
    scorer: Scorer, content: bytes, rows: Rows, schema: Schema
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what is changed, such as "seats is missing", and the features of the copies."""
    count, X = len(rows[schema.key]), matrix(rows, scorer.features, scorer.build)
    optional = {column: None for column in schema.columns if not column.required}
    changes = [
        (f"{c.name} is {what}", {c: value}) for c in schema.columns for what, value in rare(c)
    ]
    for what, change in [*changes, ("all optional columns are missing", optional)]:
        changed = {
            column.name: column.to_array([value] * count) for column, value in change.items()
        }
        yield what, matrix(rows | changed, scorer.features, scorer.build)
    for index, values in thresholds(content, X.shape[1]):
        few = values[:: 1 + 3 * len(values) // count]
        copy = X.copy()
        near = (np.nextafter(few, np.float32(end)) for end in (-np.inf, np.inf))
        copy[:, index] = np.resize(np.concatenate([few, *near]), count)
        yield f"feature {scorer.features[index]} is at a threshold of the trees", copy


def rare(column: Column) -> Iterator[tuple[str, Any]]:
    """Yield description and value of what rows may lack in a column."""
    if not column.required:
        yield "missing", None
    if isinstance(column, Number):
        limits = [limit for limit in (column.min, column.max) if limit is not None]
        yield from ((f"{limit:g}, an end of its range", limit) for limit in limits)
    if isinstance(column, Category) and column.others:
        yield "an unknown text", "?" * (1 + max(map(len, column.values)))


def thresholds(content: bytes, width: int) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the index of a feature, and the thresholds of an ONNX file's trees for it."""
    for node in onnx.load_model_from_string(content).graph.node:
        tree = {one.name: np.array(onnx.helper.get_attribute_value(one)) for one in node.attribute}
        if "nodes_values" in tree:
            splits = (tree["nodes_modes"] != b"LEAF") & (np.abs(tree["nodes_values"]) < INFINITE)
            features, values = (tree[f"nodes_{name}"][splits] for name in ("featureids", "values"))
            for index in np.unique(features[features < width]):
                yield index, np.unique(values[features == index].astype(np.float32))
