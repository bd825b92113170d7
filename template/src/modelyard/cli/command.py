"""Registration of commands: heading, example, errors without a traceback."""

from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from typing import Any

import typer

from ..console import run


def add(app: typer.Typer, heading: str, function: Callable[..., None], example: str) -> None:
    """Add a function as the command of the same name.

    Args:
        app: the typer application.
        heading: heading of the command in `--help`.
        function: its docstring is the help text, its parameters are the options.
        example: a working command line without the leading `modelyard`.
    """

    @wraps(function)
    def command(**kwargs: Any) -> None:
        run(partial(function, **kwargs))

    name = function.__name__.rstrip("_").replace("_", "-")
    epilog = f"Example: uv run modelyard {example}"
    app.command(name, rich_help_panel=heading, epilog=epilog)(command)


def to_day(text: str) -> date:
    """Parse an ISO date such as 2013-10-01.

    Raises:
        BadParameter: the text is not a date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2013-10-01") from None
