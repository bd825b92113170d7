"""The step `ingest`: keep what arrived, as it arrived, in `data/raw/`."""

import polars as pl

from ..console import UserError, run
from ..params import read_params
from ..places import RAW
from .ingest import ingest
from .tables import write_table


def main() -> None:
    """Write the snapshot of the day that `params.yaml` names."""
    as_of = read_params().data.as_of
    rows = ingest(as_of)
    if not isinstance(rows, pl.DataFrame):
        raise UserError(
            f"data/ingest.py gives a {type(rows).__name__}, allowed is a Polars DataFrame"
        )
    if not rows.height:
        raise UserError(
            f"data/ingest.py found no row from before {as_of} (params.yaml: data.as_of)"
        )
    write_table(RAW, rows)
    print(f"ingest: {rows.height:,} rows from before {as_of} -> {RAW}")


if __name__ == "__main__":
    run(main)
