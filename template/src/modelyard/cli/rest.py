"""`modelyard serve`: the accepted model over HTTP."""

from typing import Annotated

import typer

from ..project import named
from .command import add


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="Port to listen on, 0 for any; by default REST_PORT.")
    ] = None,
) -> None:
    """Serve the accepted model over HTTP; what changes where it runs stands in .env.example."""
    from ..serving.rest.limits import Limits
    from ..serving.rest.server import serve as answer

    limits = Limits.read()
    answer(named(), host, limits.rest_port if port is None else port, limits)


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    add(app, "Serve", serve, "serve --host 127.0.0.1 --port 8000")
