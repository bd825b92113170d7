"""Feature tables as arrays, checked before anything is trained on them."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from ..console import UserError
from ..data.read import read_table
from ..places import FEATURES
from ..schema.contract import Classes, Schema


class Dataset(NamedTuple):
    """Float32 features [n, features] and targets [n]."""

    X: np.ndarray
    y: np.ndarray


def read_dataset(name: str, schema: Schema, folder: Path = FEATURES) -> Dataset:
    """Read the table of `train` or `validation`.

    Raises:
        UserError: it is not there, is empty, or cannot be trained on.
    """
    path = folder / f"{name}.parquet"
    return checked(read_table(path), schema, str(path))


def checked(table: pl.DataFrame, schema: Schema, name: str) -> Dataset:
    """Turn a feature table into arrays.

    Raises:
        UserError: a feature is infinite, or missing in every row; a target is missing; there are
            no rows, rows of fewer classes than the schema names, or one number in all rows.
    """
    features = table.drop("target")
    if not table.height:
        raise UserError(f"{name} holds no rows")
    X, y = features.to_numpy(), table["target"].to_numpy()
    for place, feature in enumerate(features.columns):
        if np.isinf(X[:, place]).any():
            raise UserError(
                f"{name}: feature {feature} is infinite, allowed are finite and missing"
            )
        if np.isnan(X[:, place]).all():
            raise UserError(f"{name}: feature {feature} is missing in every row")
    missing = int(np.isnan(y.astype(float)).sum())
    if missing:
        raise UserError(f"{name}: the target is missing in {missing} rows")
    if isinstance(schema.target, Classes):
        _need_each_class(y, schema.target, name)
    elif np.ptp(y) == 0:
        raise UserError(f"{name}: the target is {y[0]:g} in every row")
    return Dataset(np.ascontiguousarray(X, np.float32), y)


def _need_each_class(y: np.ndarray, target: Classes, name: str) -> None:
    absent = [value for place, value in enumerate(target.values) if place not in y]
    if absent:
        raise UserError(f"{name}: no row is {', '.join(absent)} ({target.name})")
