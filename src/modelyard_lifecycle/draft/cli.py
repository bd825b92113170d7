"""The command `draft`."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ..errors import exit_on_user_error
from ..options import AnswersFile, Verbose
from ..progress import shown_steps
from .wish import Wanted, Wish

Target = Annotated[str, typer.Option(metavar="NAME", help="The column to predict.")]
Key = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The column that identifies a row; default: found by name."),
]
Time = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="When a row happened: the newest rows become the test set."),
]
TaskOption = Annotated[
    Wanted,
    typer.Option(help="For a target of few whole numbers, which are classes by default."),
]


def draft(
    source: Annotated[
        Path, typer.Argument(metavar="TABLE", help="A CSV or Parquet file, or a folder of them.")
    ],
    target: Target,
    key: Key = None,
    time: Time = None,
    task: TaskOption = None,
    project: Annotated[Path, typer.Option(metavar="FOLDER", help="The project.")] = Path("."),
    output: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="A new folder for the files, to compare them."),
    ] = None,
    answers_file: AnswersFile = None,
    verbose: Verbose = False,
) -> None:
    """Write schema, ingest, features, examples and parameters of a project for a table.

    The table is copied to data/sample. Edited files are never replaced: then nothing is written.
    What has to be completed is marked: grep -rn DRAFT: src tests params.yaml */README.md

    Examples:
        modelyard draft customers.csv --target churn

        modelyard draft orders.parquet --target amount --key order_id --time ordered_at

        modelyard draft customers.csv --target churn --output build/draft
    """
    from .run import draft_project

    with exit_on_user_error(), shown_steps() as on_step:
        wish = Wish(target, key, time, task)
        draft_project(source, wish, project, output, answers_file, date.today(), on_step)
