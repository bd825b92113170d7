"""Command `modelyard bundle`: the accepted model for a device without a network."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ..project import find
from .command import command

app = typer.Typer()


@command(app, "Serve", "bundle build/edge")
def bundle(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new or empty folder, or a bundle to replace.")
    ],
) -> None:
    """Build a bundle of the accepted model; DIR/run.py needs only NumPy and ONNX Runtime."""
    from ..serving.edge.bundle import build
    from ..settings import Settings

    key = os.environ.get("EDGE_SIGNING_KEY", "")
    build(find(), folder, Settings.read().model_dir, key)
