"""The step `features`: make the tables that models are trained on, and say what is in them."""

from typing import Any

import numpy as np
import polars as pl

from ..data.read import read_table
from ..data.tables import to_rows, write_table
from ..files import write_json
from ..params import read_params
from ..places import FEATURES, PROCESSED
from ..project import Build, Project, code_hash
from ..schema.contract import Classes, Schema
from .spec import matrix, names
from .statistics import describe


def feature_table(
    rows: pl.DataFrame, schema: Schema, build: Build, expected: list[str]
) -> pl.DataFrame:
    """Make the features of clean rows, and beside them the target as `target`.

    Args:
        rows: clean rows with a label.
        schema: names the columns and the target.
        build: makes the features.
        expected: the features, in order.

    Returns:
        float32 features, and `target`: a class's place among the classes, or the number.
    """
    table = pl.from_numpy(matrix(to_rows(rows, schema), expected, build), schema=expected)
    return table.with_columns(target=encoded_target(rows, schema))


def encoded_target(rows: pl.DataFrame, schema: Schema) -> pl.Series:
    """Give a class's place among the schema's classes (int64), or the number (float64)."""
    labels = rows[schema.target.name]
    if not isinstance(schema.target, Classes):
        return labels.cast(pl.Float64)
    order = {name: place for place, name in enumerate(schema.target.values)}
    return labels.replace_strict(order, return_dtype=pl.Int64)


def spec(rows: pl.DataFrame, schema: Schema, build: Build, bins: int) -> dict[str, Any]:
    """Describe what models are trained on: the features' order, the code, the rows' statistics."""
    return {
        "features": names(schema, build),
        "dtype": np.dtype(np.float32).name,
        "schema_hash": schema.hash,
        "code_hash": code_hash(build),
        "rows": rows.height,
        "columns": describe(to_rows(rows, schema), schema, bins),
    }


def main(project: Project) -> None:
    """Read the clean rows and write a table for training, one for validation, and the spec."""
    schema, build, bins = project.schema, project.build, read_params().features.bins
    described = spec(read_table(PROCESSED / "train.parquet"), schema, build, bins)
    for name in ("train", "validation"):
        rows = read_table(PROCESSED / f"{name}.parquet")
        table = feature_table(rows, schema, build, described["features"])
        write_table(FEATURES / f"{name}.parquet", table)
        print(f"features: {len(described['features'])} of {rows.height:,} {name} rows")
    write_json(FEATURES / "spec.json", described)
