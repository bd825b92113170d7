"""`modelyard score`: files in, files out."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from ..project import find
from .command import add


def score(
    source: Annotated[
        str, typer.Argument(metavar="INPUT", help="A file, a folder, a pattern or an address.")
    ],
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="Folder for parts, rejected rows, manifest.")
    ],
    engine: Annotated[
        Literal["threads", "ray"], typer.Option(help="All cores here, or a cluster.")
    ] = "threads",
) -> None:
    """Score Parquet or CSV files with the accepted model."""
    from ..serving.batch.engine import engine_of
    from ..serving.batch.job import run_batch

    print(f"batch: {run_batch(source, output, engine_of(engine), find())}")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    add(app, "Serve", score, "score data/raw scored")
