"""Polars and scikit-learn, as in a notebook: `python batch_polars.py ROWS.parquet OUT`."""

import sys
from pathlib import Path

import polars as pl

import scoring

KINDS = {"number": float, "category": str, "text": str, "timestamp": "datetime64[s]"}
FILLS = {"category": "", "text": ""}

table, scores = pl.read_parquet(sys.argv[1]), scoring.by_columns()
columns = {
    one.name: table[one.name].fill_null(FILLS.get(one.kind, float("nan"))).to_numpy()
    if one.kind != "timestamp"
    else table[one.name].to_numpy()
    for one in scoring.SCHEMA.columns
}
typed = {one.name: columns[one.name].astype(KINDS[one.kind]) for one in scoring.SCHEMA.columns}
Path(sys.argv[2]).mkdir()
keys = table.select(scoring.SCHEMA.key)
keys.with_columns(score=pl.Series(scores(typed))).write_parquet(Path(sys.argv[2], "scores.parquet"))
