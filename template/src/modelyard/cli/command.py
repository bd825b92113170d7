"""How commands are added: under a heading, with an example, and without tracebacks."""

from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from typing import Any

import typer

from ..console import run


def add(app: typer.Typer, heading: str, function: Callable[..., None], example: str) -> None:
    """Add a function as the command of its name.

    Args:
        app: the command.
        heading: under which the help lists it.
        function: its docstring is the help, its arguments are the options.
        example: the words after `modelyard` in a line that works.
    """

    @wraps(function)
    def command(**given: Any) -> None:
        run(partial(function, **given))

    name = function.__name__.rstrip("_").replace("_", "-")
    epilog = f"Example: uv run modelyard {example}"
    app.command(name, rich_help_panel=heading, epilog=epilog)(command)


def to_day(text: str) -> date:
    """Read a day such as 2013-10-01.

    Raises:
        BadParameter: no calendar has it.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r}, allowed is a day such as 2013-10-01") from None
