"""pandas and scikit-learn, as in a notebook: `python batch_pandas.py ROWS.parquet OUT`."""

import sys
from pathlib import Path

import pandas as pd

import scoring

KINDS = {"number": float, "category": str, "text": str, "timestamp": "datetime64[s]"}

table, scores = pd.read_parquet(sys.argv[1]), scoring.by_columns()
texts = [one.name for one in scoring.SCHEMA.columns if one.kind in ("category", "text")]
filled = table.fillna(dict.fromkeys(texts, ""))
columns = {
    one.name: filled[one.name].to_numpy().astype(KINDS[one.kind]) for one in scoring.SCHEMA.columns
}
Path(sys.argv[2]).mkdir()
answers = table[[scoring.SCHEMA.key]].assign(score=scores(columns))
answers.to_parquet(Path(sys.argv[2], "scores.parquet"))
