"""Repeat the rows of a project's snapshot, with unique keys, as input for the batch.

Runs with the project's Python as `python batch_rows.py PACKAGE ROWS FOLDER`; writes rows.parquet,
and X.npy with the features of the same rows.
"""

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
from modelyard.data.tables import to_rows
from modelyard.data.validate import judge
from modelyard.features.spec import matrix
from modelyard.project import load

package, count, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
project = load(package)
schema = project.schema
features = json.loads(Path("models/model.json").read_text("utf-8"))["features"]

rows = judge(pl.read_parquet("data/raw/rows.parquet"), schema, labelled=False).good
times = -(-count // rows.height)
places = pl.int_range(pl.len()) // rows.height
parts = pl.concat([rows.lazy()] * times).head(count)
parts.with_columns(
    pl.concat_str(schema.key, pl.lit("-"), places, separator="").alias(schema.key)
).sink_parquet(folder / "rows.parquet")
X = matrix(to_rows(rows, schema), features, project.build)
np.save(folder / "X.npy", np.tile(X, (times, 1))[:count])
print(json.dumps({"rows": count, "key": schema.key}))
