"""`modelyard score`: files in, files out."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from ..project import find
from .adding import add


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
    from ..serving.batch.job import run_batch

    chosen = engine_of(engine)
    print(f"batch: {run_batch(source, output, chosen, find())}")


def engine_of(name: str):  # type: ignore[no-untyped-def]
    """Give what scores the chunks.

    Raises:
        UserError: the project was made without Ray.
    """
    from ..console import UserError

    if name == "threads":
        from ..serving.batch.engine import in_threads

        return in_threads
    try:
        from ..serving.batch.ray import in_ray
    except ModuleNotFoundError as lack:
        remedy = "uvx copier update --defaults --vcs-ref=:current: --data scale_out=ray"
        raise UserError(f"--engine ray needs {lack.name}; add it: {remedy}") from None
    return in_ray


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    add(app, "Serve", score, "score data/raw scored")
