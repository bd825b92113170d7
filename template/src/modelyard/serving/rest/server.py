"""Run the REST service with uvicorn, in one process or in several workers on one port."""

import asyncio
import ipaddress
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from ...console import UserError
from ...files import read_json
from ...project import VARIABLE
from .limits import Limits
from .protocol import GRACE_S
from .workers import Config, Workers

UNREAD_MS = 30_000  # until a client that reads nothing of its response is disconnected


class Server(uvicorn.Server):
    """uvicorn's server, with a long queue of connections to be accepted."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and restore the queue, which asyncio shortens to `Config.backlog`."""
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(socket.SOMAXCONN)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop when the connections that wait are accepted, and no new ones."""
        for one in sockets or ():
            one.listen(0)
        await asyncio.sleep(GRACE_S)
        await super().shutdown(sockets)


def serve(package: str, host: str, port: int, limits: Limits) -> None:
    """Serve until SIGTERM or Ctrl+C; requests in progress are completed first."""
    if os.name == "nt" and limits.rest_workers > 1:
        found = f"REST_WORKERS is {limits.rest_workers}, allowed on Windows is 1"
        raise UserError(f"{found}; start several services, each with its own --port")
    os.environ[VARIABLE] = package
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: sys.exit(0))
    with listen(host, port) as listener:
        config, ready = Config(package, limits), ready_message(listener, limits)
        if limits.rest_workers > 1:
            serve_with_workers(config, listener, ready)
        else:
            config.load()
            print(ready, file=sys.stderr)
            Server(config).run(sockets=[listener])


def serve_with_workers(config: Config, listener: socket.socket, ready: str) -> None:
    """Serve in several processes, which share their metrics in a temporary folder."""
    with tempfile.TemporaryDirectory() as metrics:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
        workers = Workers(config, listener, Path(metrics))
        workers.start_first()
        print(ready, file=sys.stderr)
        workers.run()
        sys.exit(any(worker.exitcode == STARTUP_FAILURE for worker in workers.processes))


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the port."""
    if not 0 <= port <= 65_535:
        raise UserError(f"--port is {port}, allowed is 0 (any free port) to 65535")
    try:
        # asyncio sets TCP_NODELAY, without which small responses are delayed, only with IPPROTO_TCP
        options = {"type": socket.SOCK_STREAM, "proto": socket.IPPROTO_TCP}
        *kind, _, address = socket.getaddrinfo(host, port, **options)[0]
        listener = socket.socket(*kind)
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; accepted connections inherit it
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MS)
        listener.bind(address)
        listener.listen(socket.SOMAXCONN)
    except OSError as failure:
        reason = failure.strerror or failure
        raise UserError(f"cannot listen on {host} port {port}: {reason}; try --port") from None
    return listener


def ready_message(listener: socket.socket, limits: Limits) -> str:
    """Return the message with the model's version and the service's URL, and a warning."""
    version = read_json(limits.model_dir / "model.json", "run: dvc repro").get("version")
    host, port, *_ = listener.getsockname()
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    workers = f", {limits.rest_workers} workers" if limits.rest_workers > 1 else ""
    local = limits.rest_token or ipaddress.ip_address(host).is_loopback
    warning = (
        "" if local else f"\nwarning: {host} without REST_TOKEN: any machine can send requests"
    )
    return f"serving {version} on {url}, documentation at /docs{workers}{warning}"
