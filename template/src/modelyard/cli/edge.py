"""`modelyard bundle`: the accepted model for a device without network."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ..project import find
from .command import add


def bundle(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder: new, empty, or a bundle to replace.")
    ],
) -> None:
    """Build a bundle, where python DIR/run.py needs only NumPy and ONNX Runtime."""
    from ..serving.edge.build import build
    from ..settings import Settings

    key = os.environ.get("EDGE_SIGNING_KEY", "")
    build(find(), folder, Settings.read().model_dir, key)


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    add(app, "Serve", bundle, "bundle build/edge")
