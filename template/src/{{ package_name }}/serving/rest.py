"""The REST service: `python -m PACKAGE.serving.rest --host 127.0.0.1 --port 8000`."""

import argparse
import json
import os
import signal
import socket
import sys

import uvicorn

from ..console import UserError, run
from ..settings import Settings, read_settings
from .predictor import Predictor
from .rest_app import create_app


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Serve predictions over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", default=8000, type=int, help="port to listen on (8000)")
    parser.add_argument("--example", metavar="N", type=int, help="print a body of N rows, and stop")
    return parser.parse_args()


def listen(host: str, port: int) -> socket.socket:
    """Take the port.

    Raises:
        UserError: it is taken, or the address is not this machine's.
    """
    try:
        # asyncio sends small answers at once (TCP_NODELAY) only if the socket names its protocol
        wanted = {"type": socket.SOCK_STREAM, "proto": socket.IPPROTO_TCP}
        *kind, _, address = socket.getaddrinfo(host, port, **wanted)[0]
        port_taken = socket.socket(*kind)
        if os.name == "posix":
            port_taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port_taken.bind(address)
    except (OSError, OverflowError) as failure:
        reason = getattr(failure, "strerror", None) or failure
        raise UserError(f"cannot listen on {host} port {port}: {reason}; try --port") from None
    return port_taken


def serve(host: str, port: int, settings: Settings) -> None:
    """Answer requests until SIGTERM or Ctrl+C; what is under way is answered first.

    Raises:
        UserError: the port is taken, or the model is missing or altered.
    """
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: sys.exit(0))
    server: uvicorn.Server

    def stop() -> None:
        server.should_exit = True

    app = create_app(settings, stop)
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="asyncio",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=settings.rest_stop_timeout_s,
    )
    server = uvicorn.Server(config)
    with listen(host, port) as port_taken:
        print(f"serving on http://{host}:{port}, documentation at /docs", file=sys.stderr)
        server.run(sockets=[port_taken])
    if app.state.service.failure:
        raise app.state.service.failure


def main() -> None:
    """Print an example, or serve."""
    options, settings = arguments(), read_settings()
    if options.example is None:
        serve(options.host, options.port, settings)
    else:
        print(json.dumps({"rows": Predictor(settings.model_dir).examples(options.example)}))


if __name__ == "__main__":
    run(main)
