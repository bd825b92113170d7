"""The limit: ONNX Runtime on an array, all cores, warm: batch_raw.py MODEL X.npy ROWS OUT.

Only the run itself counts; the scores are written afterwards, for the comparison.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
import polars as pl

import scoring

session = ort.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
features = np.load(sys.argv[2])
session.run(None, {"features": features[:100_000]})
wall, cpu = time.perf_counter(), time.process_time()
scores = session.run(None, {"features": features})[0]
print(json.dumps({"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}))

keys = pl.read_parquet(sys.argv[3], columns=[scoring.SCHEMA.key])
Path(sys.argv[4]).mkdir()
keys.with_columns(score=scores[:, 1]).write_parquet(Path(sys.argv[4]) / "scores.parquet")
