"""A window of real records without drift, and a model whose reference is this window."""

from collections import Counter
from datetime import date

import numpy as np
from flight_delays.schema import SCHEMA
from modelyard.data.read import read_table
from modelyard.data.tables import to_rows
from modelyard.features.statistics import describe
from modelyard.features.table import encoded_target
from modelyard.models.metrics import measure
from modelyard.models.release import reference_profile
from modelyard.models.scorer import Predictions
from modelyard.monitoring.compare import Model
from modelyard.monitoring.records import Records
from modelyard.params_operation import Monitoring
from modelyard.places import PROCESSED
from modelyard.serving.predictor import Predictor

from tests.runtime import example

METRIC = "rmse" if SCHEMA.target.task == "regression" else "log_loss"
TRAINED = date(2024, 5, 1)


LIMITS = Monitoring(
    window_days=30,
    min_rows=10,
    min_labels=10,
    max_psi=0.2,
    max_fall={METRIC: 0.0},
    floors={},
    max_age_days=90,
    cool_down_days=30,
    max_broken_share=0.05,
    max_silent_days=7,
)
"""Limits that the healthy window just keeps, with one monitored metric."""


def healthy_window(predictor: Predictor) -> Records:
    """Return validation rows as if they had been recorded on one day, each with its label."""
    table = read_table(example.place() / PROCESSED / "validation.parquet")
    table = table.gather_every(max(1, table.height // 600))
    rows, count = to_rows(table, SCHEMA), table.height
    return Records(
        rows,
        np.full(count, TRAINED, "datetime64[D]"),
        np.full(count, predictor.version),
        predictor.predict(rows).scores,
        encoded_target(table, SCHEMA).to_numpy().astype(float),
        Counter(),
    )


def model_of(healthy: Records, predictor: Predictor) -> Model:
    """Return a model whose reference statistics and metrics are those of the healthy window."""
    about = predictor.manifest | {"trained_as_of": TRAINED.isoformat()}
    predictions = Predictions(healthy.scores, SCHEMA.target, about["threshold"])
    target = healthy.labels.astype(float if SCHEMA.target.task == "regression" else int)
    test = measure(SCHEMA.target.task, target, healthy.scores, about["threshold"])
    spec = {"rows": len(healthy), "columns": describe(healthy.rows, SCHEMA, 10)}
    return Model(
        about, reference_profile(predictor.version, spec, {"overall": test}, predictions, 10)
    )
