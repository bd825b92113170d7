"""Ingest the wines of Forina et al. (1988), which scikit-learn includes."""

from datetime import date

import polars as pl
from sklearn.datasets import load_wine

from ..schema import SCHEMA


def ingest(as_of: date) -> pl.DataFrame:
    """Fetch all wines, with their growers.

    Args:
        as_of: the analyses have no dates, so all of them are known on any day.

    Returns:
        The columns of `schema.py` and the target.
    """
    wines = load_wine()
    measured = pl.from_numpy(wines.data, schema=SCHEMA.names[1:])
    growers = [SCHEMA.target.values[place] for place in wines.target]
    return measured.with_columns(
        pl.format("bottle-{}", pl.int_range(1, pl.len() + 1)).alias("bottle"),
        grower=pl.Series(growers),
    )
