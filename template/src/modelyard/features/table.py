"""Stage `features`: build the feature tables for training, and their specification."""

from typing import Any

import numpy as np
import polars as pl

from ..data.read import read_table
from ..data.tables import to_rows, write_table
from ..files import write_json
from ..params import read_params
from ..places import FEATURES, PROCESSED
from ..project import Build, Project
from ..schema.contract import Classes, Schema
from .source import code_hash
from .spec import matrix, names
from .statistics import describe


def feature_table(
    rows: pl.DataFrame, schema: Schema, build: Build, expected: list[str]
) -> pl.DataFrame:
    """Build a table of features with the encoded target in column `target`.

    Returns:
        float32 features in the expected order and `target`, see `encoded_target`.
    """
    table = pl.from_numpy(matrix(to_rows(rows, schema), expected, build), schema=expected)
    return table.with_columns(target=encoded_target(rows, schema))


def encoded_target(rows: pl.DataFrame, schema: Schema) -> pl.Series:
    """Encode the target: index of the class in the schema (int64), or the number (float64)."""
    labels = rows[schema.target.name]
    if not isinstance(schema.target, Classes):
        return labels.cast(pl.Float64)
    index = {name: number for number, name in enumerate(schema.target.values)}
    return labels.replace_strict(index, return_dtype=pl.Int64)


def feature_spec(rows: pl.DataFrame, schema: Schema, build: Build, bins: int) -> dict[str, Any]:
    """Build the content of `features/spec.json`: features, hashes, statistics of the rows."""
    return {
        "features": names(schema, build),
        "dtype": np.dtype(np.float32).name,
        "schema_hash": schema.hash,
        "code_hash": code_hash(build),
        "rows": rows.height,
        "columns": describe(to_rows(rows, schema), schema, bins),
    }


def main(project: Project) -> None:
    """Write the feature tables for training and validation, and `spec.json`."""
    schema, build, bins = project.schema, project.build, read_params().features.bins
    spec = feature_spec(read_table(PROCESSED / "train.parquet"), schema, build, bins)
    for name in ("train", "validation"):
        rows = read_table(PROCESSED / f"{name}.parquet")
        table = feature_table(rows, schema, build, spec["features"])
        write_table(FEATURES / f"{name}.parquet", table)
        print(f"features: {len(spec['features'])} features of {rows.height:,} {name} rows")
    write_json(FEATURES / "spec.json", spec)
