"""Registration of commands: heading, example, errors without a traceback."""

from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from pathlib import Path
from typing import Any

import typer

from ..console import run

LEDGER = Path(__file__).parents[1] / "evidence" / "ledger.py"  # from level 2 on
Function = Callable[..., None]


def command(
    app: typer.Typer, heading: str, example: str, check: str = ""
) -> Callable[[Function], Function]:
    """Return a decorator that adds a command, recorded in the ledger if it is a `check`."""

    def add(function: Function) -> Function:
        @wraps(function)
        def run_function(**kwargs: Any) -> None:
            act = partial(function, **kwargs)
            if check and LEDGER.is_file():
                from ..evidence.ledger import recorded

                act = recorded(check)(act)
            run(act)

        name = function.__name__.replace("_", "-")
        epilog = f"Example: uv run modelyard {example}"
        app.command(name, rich_help_panel=heading, epilog=epilog)(run_function)
        return function

    return add


def to_day(text: str) -> date:
    """Parse an ISO date such as 2013-10-01."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2013-10-01") from None
