"""Read feature tables as arrays and validate them before training."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from ..console import UserError
from ..data.read import read_table
from ..places import FEATURES
from ..schema.contract import Classes, Schema

LOG_RANGE = (-87.0, 88.0)  # of the logarithms of float32's numbers


class Dataset(NamedTuple):
    """Float32 features [n, features] and targets [n]."""

    X: np.ndarray
    y: np.ndarray

    def in_unit(self, values: np.ndarray) -> np.ndarray:
        """Return targets, or scores of a model of the training library, in the target's unit."""
        return values


class LogDataset(Dataset):
    """A `Dataset` whose targets are logarithms."""

    def in_unit(self, values: np.ndarray) -> np.ndarray:
        """Return the exponential."""
        return np.exp(np.clip(values, *LOG_RANGE))


def read_dataset(name: str, schema: Schema, folder: Path = FEATURES) -> Dataset:
    """Read the feature table `train` or `validation`."""
    path = folder / f"{name}.parquet"
    return to_dataset(read_table(path), schema, str(path))


def to_dataset(table: pl.DataFrame, schema: Schema, name: str) -> Dataset:
    """Convert a feature table to arrays.

    Raises:
        UserError: there are no rows; a feature is infinite, or missing in every row; a target is
            missing; a class of the schema does not occur, or a numeric target is constant.
    """
    features = table.drop("target")
    if not table.height:
        raise UserError(f"{name} has no rows")
    X, y = features.to_numpy(), table["target"].to_numpy()
    for index, feature in enumerate(features.columns):
        if np.isinf(X[:, index]).any():
            raise UserError(
                f"{name}: feature {feature} is infinite, allowed are finite and missing values"
            )
        if np.isnan(X[:, index]).all():
            raise UserError(f"{name}: feature {feature} is missing in every row")
    missing = int(np.isnan(y.astype(float)).sum())
    if missing:
        raise UserError(f"{name}: the target is missing in {missing} rows")
    if isinstance(schema.target, Classes):
        _check_classes(y, schema.target, name)
    elif np.ptp(y) == 0:
        raise UserError(f"{name}: the target is {y[0]:g} in every row")
    return as_trained(X, y, schema)


def as_trained(X: np.ndarray, y: np.ndarray, schema: Schema) -> Dataset:
    """Return features, and targets in their unit, as models are trained on them."""
    kept = np.ascontiguousarray(X, np.float32)
    return LogDataset(kept, np.log(y)) if schema.target.log else Dataset(kept, y)


def _check_classes(y: np.ndarray, target: Classes, name: str) -> None:
    absent = [value for index, value in enumerate(target.values) if index not in y]
    if absent:
        raise UserError(f"{name}: no row has the {target.name} {', '.join(absent)}")
