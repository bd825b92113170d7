"""Serve the accepted model over HTTP; what changes where it runs stands in .env.example."""

import argparse
import json
import os
import signal
import socket
import sys

import uvicorn

from ...console import UserError, run
from ..predictor import Predictor
from .app import create_app
from .limits import Limits
from .service import Service


def arguments(port: int) -> argparse.Namespace:
    """Read the command line; without `--port` the service listens on `port`."""
    parser = argparse.ArgumentParser(f"python -m {__package__}", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", default=port, type=int, help=f"port to listen on ({port})")
    parser.add_argument("--example", metavar="N", type=int, help="print a body of N rows, and stop")
    return parser.parse_args()


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


def make_server(service: Service) -> uvicorn.Server:
    """Make the server, with nothing that a request does not need."""
    return uvicorn.Server(
        uvicorn.Config(
            create_app(service),
            http="httptools",
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=service.limits.rest_stop_timeout_s,  # type: ignore[arg-type]
        )
    )


def serve(host: str, port: int, limits: Limits) -> None:
    """Answer requests until SIGTERM or Ctrl+C; what is under way is answered first.

    Raises:
        UserError: the port is taken, or the model is missing or altered.
    """

    def loaded() -> None:
        server.should_exit = service.failure is not None
        if service.predictor:
            print(f"serving {service.predictor.version} on {address(taken)}", file=sys.stderr)

    service = Service(limits, loaded)
    server = make_server(service)
    with listen(host, port) as taken:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: sys.exit(0))
        server.run(sockets=[taken])
    if service.failure:
        raise service.failure


def address(taken: socket.socket) -> str:
    """Say where a socket listens and what is to be seen there."""
    host, port, *_ = taken.getsockname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}, documentation at /docs"


def main() -> None:
    """Print an example, or serve."""
    limits = Limits.read()
    options = arguments(limits.rest_port)
    if options.example is None:
        serve(options.host, options.port, limits)
    else:
        print(json.dumps({"rows": Predictor(limits.model_dir).examples(options.example)}))


if __name__ == "__main__":
    run(main)
