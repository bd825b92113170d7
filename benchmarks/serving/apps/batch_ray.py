"""Ray Data and ONNX Runtime, as in its guide to batch inference: `python batch_ray.py ROWS OUT`."""

import logging
import os
import sys
from typing import Any

import numpy as np
import ray

import scoring

KINDS = {"number": float, "category": str, "text": str, "timestamp": "datetime64[s]"}


class Scorer:
    """Scores batches of rows in a Ray process."""

    def __init__(self) -> None:
        self.model = scoring.predictor()

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, Any]:
        """Score columns."""
        columns = {
            one.name: fill_missing(batch[one.name], one.kind).astype(KINDS[one.kind])
            for one in scoring.SCHEMA.columns
        }
        found = self.model.scorer.predict_features(scoring.features(self.model, columns))
        return {scoring.SCHEMA.key: batch[scoring.SCHEMA.key], "score": found.scores[:, 1]}


def fill_missing(values: np.ndarray, kind: str) -> np.ndarray:
    """Replace missing texts by empty ones."""
    return np.where(values == None, "", values) if kind in ("category", "text") else values  # noqa: E711


def main() -> None:
    """Score a file with one process for each core."""
    # "local", or it would join any cluster running on this machine
    ray.init("local", logging_level=logging.ERROR, log_to_driver=False, include_dashboard=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    rows = ray.data.read_parquet(sys.argv[1])
    # half a core each, to leave cores for the tasks that read and write
    scored = rows.map_batches(Scorer, batch_size=50_000, concurrency=os.cpu_count(), num_cpus=0.5)
    scored.write_parquet(sys.argv[2])


if __name__ == "__main__":
    main()
