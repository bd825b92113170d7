"""Ingest the study of Efron et al. (2004), which scikit-learn includes."""

from datetime import date

import polars as pl
from sklearn.datasets import load_diabetes

NAMES = (
    *("age", "sex", "bmi", "blood_pressure", "cholesterol", "ldl", "hdl"),
    *("rounded_ratio", "log_triglycerides", "glucose"),
)


def ingest(as_of: date) -> pl.DataFrame:
    """Fetch all patients, with the target.

    Args:
        as_of: the study has no dates, so all of its rows are known on any day.

    Returns:
        The columns of `schema.py` and the target.
    """
    study = load_diabetes(scaled=False)
    # the ratio of cholesterol and HDL, which the features compute without rounding
    measured = pl.from_numpy(study.data, schema=list(NAMES)).drop("rounded_ratio")
    return measured.with_columns(
        pl.format("patient-{}", pl.int_range(1, pl.len() + 1)).alias("patient"),
        pl.col("sex").cast(pl.Int64).cast(pl.String),
        progression=pl.Series(study.target),
    )
