"""Serve the accepted model over HTTP; what changes where it runs stands in .env.example."""

import argparse

from ...command_line import parser, to_whole
from ...console import run
from ...project import named
from .limits import Limits
from .serve import serve


def arguments(port: int) -> argparse.Namespace:
    """Read the command line; without `--port` the service listens on `port`."""
    reader = parser(str(__package__), __doc__, "--host 127.0.0.1 --port 8000")
    reader.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    reader.add_argument("--port", default=port, type=to_whole, help=f"port to listen on ({port})")
    return reader.parse_args()


def main() -> None:
    """Serve the project of this environment."""
    limits = Limits.read()
    options = arguments(limits.rest_port)
    serve(named(), options.host, options.port, limits)


if __name__ == "__main__":
    run(main)
