"""Command `modelyard serve`: the accepted model over HTTP."""

from typing import Annotated

import typer

from ..project import find_package
from .command import command

app = typer.Typer()


@command(app, "Serve", "serve --host 127.0.0.1 --port 8000")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="Port to listen on, 0 for a free one; by default REST_PORT.")
    ] = None,
) -> None:
    """Serve the accepted model over HTTP; .env.example lists the environment variables."""
    from ..serving.rest.limits import Limits
    from ..serving.rest.server import serve as run_server

    limits = Limits.read()
    run_server(find_package(), host, limits.rest_port if port is None else port, limits)
