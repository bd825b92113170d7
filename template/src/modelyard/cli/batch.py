"""Command `modelyard score`: batch scoring of files."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from ..project import find
from .command import command

app = typer.Typer()


@command(app, "Serve", "score data/raw scored")
def score(
    source: Annotated[
        str, typer.Argument(metavar="INPUT", help="A file, a folder, a glob pattern or a URL.")
    ],
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="Folder for parts, rejected rows, manifest.")
    ],
    engine: Annotated[
        Literal["threads", "ray"], typer.Option(help="All cores of this machine, or a Ray cluster.")
    ] = "threads",
) -> None:
    """Score Parquet or CSV files with the accepted model."""
    from ..serving.batch.engine import get_engine
    from ..serving.batch.job import run_batch

    print(f"batch: {run_batch(source, output, get_engine(engine), find())}")
