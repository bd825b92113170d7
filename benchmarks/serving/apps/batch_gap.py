"""Compare two outputs: `python batch_gap.py KEY OURS OTHER`, with the project's Python.

Prints JSON: the number of rows that only one of them has, and the largest difference of scores.
"""

import json
import sys
from pathlib import Path

import polars as pl

key, *folders = sys.argv[1:]
ours, other = (
    pl.concat(
        pl.read_parquet(file, columns=[key, "score"]).with_columns(pl.col("score").cast(pl.Float64))
        for file in sorted(Path(folder).rglob("*.parquet"))
        if file.name != "rejected.parquet"
    )
    for folder in folders
)
both = ours.join(other, on=key, how="full", suffix="_other")
missing = both.select(pl.col("score").is_null() | pl.col("score_other").is_null()).to_series().sum()
gap = both.select((pl.col("score") - pl.col("score_other")).abs().max()).item()
print(json.dumps({"rows": both.height, "missing": missing, "gap": gap}))
