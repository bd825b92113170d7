"""Command `modelyard example`: the body of a request with real rows."""

import json
from typing import Annotated

import typer

from ..project import find
from .command import add


def example(
    count: Annotated[int, typer.Argument(metavar="N", help="Number of rows.")] = 1,
) -> None:
    """Print the JSON body of a request with rows of the validation set."""
    from ..serving.predictor import Predictor
    from ..settings import Settings

    project, folder = find(), Settings.read().model_dir
    predictor = Predictor(folder, project.schema, project.build)
    print(json.dumps({"rows": predictor.examples(count)}))


def add_to(app: typer.Typer) -> None:
    """Add the command to `app`."""
    add(app, "Serve", example, "example 3")
