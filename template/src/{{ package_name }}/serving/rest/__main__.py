"""Serve the accepted model over HTTP; what changes where it runs stands in .env.example."""

import argparse
import json
import os
import socket

from ...command_line import parser, to_whole
from ...console import UserError, run
from .limits import Limits
from .supervisor import supervise


def arguments(port: int) -> argparse.Namespace:
    """Read the command line; without `--port` the service listens on `port`."""
    reader = parser(str(__package__), __doc__, "--host 127.0.0.1 --port 8000")
    reader.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    reader.add_argument("--port", default=port, type=to_whole, help=f"port to listen on ({port})")
    reader.add_argument(
        "--example", metavar="N", type=to_whole, help="print a body of N rows, and stop"
    )
    return reader.parse_args()


def listen(host: str, port: int) -> socket.socket:
    """Take the port.

    Raises:
        UserError: it is taken or none, or the address is not this machine's.
    """
    if not 0 <= port <= 65_535:
        raise UserError(f"--port is {port}, allowed are 0 (any that is free) to 65535")
    try:
        # asyncio sends small answers at once (TCP_NODELAY) only if the socket names its protocol
        wanted = {"type": socket.SOCK_STREAM, "proto": socket.IPPROTO_TCP}
        *kind, _, address = socket.getaddrinfo(host, port, **wanted)[0]
        taken = socket.socket(*kind)
        if os.name == "posix":
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
    except OSError as failure:
        reason = failure.strerror or failure
        raise UserError(f"cannot listen on {host} port {port}: {reason}; try --port") from None
    return taken


def address(taken: socket.socket) -> str:
    """Say where a socket listens and what is to be seen there."""
    host, port, *_ = taken.getsockname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}, documentation at /docs"


def serve(host: str, port: int, limits: Limits) -> None:
    """Answer requests until SIGTERM or Ctrl+C, in this process or in several workers.

    Raises:
        UserError: the port is taken, or the model is missing or altered.
    """
    taken = listen(host, port)
    if limits.rest_workers > 1:
        supervise(taken, limits, address(taken))
        return
    from . import server  # here, as a supervisor without model and web framework stays small

    server.serve(taken, limits, address(taken))


def print_example(count: int, limits: Limits) -> None:
    """Print a body of real rows.

    Raises:
        UserError: the model is missing or altered, or there are fewer rows.
    """
    from ..predictor import Predictor  # here for the same reason

    print(json.dumps({"rows": Predictor(limits.model_dir).examples(count)}))


def main() -> None:
    """Print an example, or serve."""
    limits = Limits.read()
    options = arguments(limits.rest_port)
    if options.example is None:
        serve(options.host, options.port, limits)
    else:
        print_example(options.example, limits)


if __name__ == "__main__":
    run(main)
