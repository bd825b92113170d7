"""Checks of the model's behaviour on examples of the problem (`tests/examples.py`)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from ..schema.contract import Classes
from ..serving.predictor import Predictor, Row, to_rows


def scores(predictor: Predictor, rows: Sequence[Row], change: Row | None = None) -> np.ndarray:
    """Return the scores of rows, after the same change to each of them if one is given."""
    changed = [dict(row) | dict(change or {}) for row in rows]
    return predictor.predict(to_rows(changed, predictor.schema)).scores


def check_same(predictor: Predictor, rows: Sequence[Row], change: Row) -> None:
    """Check that an irrelevant change leaves every score unchanged."""
    message = f"features/build.py or models/estimator.py: {change} changes the scores"
    np.testing.assert_equal(scores(predictor, rows, change), scores(predictor, rows), message)


def check_raises(predictor: Predictor, rows: Sequence[Row], change: Row, raised: str) -> None:
    """Check that a change raises the mean score of a class, or the mean of the predicted number.

    Args:
        predictor: the model.
        rows: real rows.
        change: columns and values to change in each row.
        raised: the class; for regression any text.
    """
    target = predictor.schema.target
    index = target.values.index(raised) if isinstance(target, Classes) else 0
    before, after = (scores(predictor, rows, one)[:, index].mean() for one in ({}, change))
    assert after > before, (
        f"features/build.py or data/ingest.py: {change} should raise {raised}, but the mean score "
        f"goes from {before:.4f} to {after:.4f}"
    )


def check_clear_case(predictor: Predictor, row: Row, expected: Any, train: pl.DataFrame) -> None:
    """Check the prediction of a clear case; for regression to within one standard deviation."""
    target = predictor.schema.target
    found = predictor.predict(to_rows([row], predictor.schema)).labels()[0]
    if isinstance(target, Classes):
        correct = found == expected
    else:
        spread: Any = train[target.name].std()
        correct = abs(found - expected) <= spread
    assert correct, (
        f"models/estimator.py or data/ingest.py: a clear case, {row}, is predicted as {found}, "
        f"expected is {expected}"
    )


def check_scores(predictor: Predictor, rows: Sequence[Row]) -> None:
    """Check that scores are finite, differ between rows, and that probabilities sum to 1."""
    target, found = predictor.schema.target, scores(predictor, rows)
    shape = (len(rows), len(target.values) or 1)
    assert found.shape == shape, f"models/estimator.py: score shape {found.shape}, not {shape}"
    bad = int((~np.isfinite(found)).any(axis=1).sum())
    assert not bad, f"models/estimator.py: the scores of {bad} rows are not finite"
    different = len(np.unique(found, axis=0))
    assert different > 5, f"models/estimator.py: {len(rows)} rows have {different} different scores"
    if isinstance(target, Classes):
        off = float(np.abs(found.sum(axis=1) - 1).max())
        assert off <= 1e-5, f"models/estimator.py: sum of probabilities is off 1 by {off:.2g}"
