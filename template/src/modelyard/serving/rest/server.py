"""The REST service as a process, or as several workers on one port, by uvicorn."""

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
from .config import Config
from .limits import Limits
from .workers import Workers


def serve(package: str, host: str, port: int, limits: Limits) -> None:
    """Answer requests until SIGTERM or Ctrl+C; what is under way is answered first.

    Args:
        package: the name of the project's package.
        host: the address to listen on.
        port: the port; 0 takes any that is free.
        limits: the settings.

    Raises:
        UserError: the port is taken, there is no model, or this system has one worker only.
    """
    if os.name == "nt" and limits.rest_workers > 1:
        found = f"REST_WORKERS is {limits.rest_workers}, allowed on Windows is 1"
        raise UserError(f"{found}; start several services there, each on a --port of its own")
    os.environ[VARIABLE] = package
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: sys.exit(0))
    with listen(host, port) as taken:
        config, ready = Config(package, limits), announcement(taken, limits)
        if limits.rest_workers > 1:
            serve_by_workers(config, taken, ready)
        else:
            config.load()
            print(ready, file=sys.stderr)
            uvicorn.Server(config).run(sockets=[taken])


def serve_by_workers(config: Config, taken: socket.socket, ready: str) -> None:
    """Answer requests in several processes, whose counters are added up in a folder."""
    with tempfile.TemporaryDirectory() as metrics:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
        workers = Workers(config, taken, Path(metrics))
        workers.start_first()
        print(ready, file=sys.stderr)
        workers.run()
        sys.exit(any(one.exitcode == STARTUP_FAILURE for one in workers.processes))


def listen(host: str, port: int) -> socket.socket:
    """Take the port.

    Raises:
        UserError: it is taken or none, or the address is not this machine's.
    """
    if not 0 <= port <= 65_535:
        raise UserError(f"the port is {port}, allowed are 0 (any that is free) to 65535")
    try:
        # asyncio sends small answers at once (TCP_NODELAY) only if the socket names its protocol
        wanted = {"type": socket.SOCK_STREAM, "proto": socket.IPPROTO_TCP}
        *kind, _, address = socket.getaddrinfo(host, port, **wanted)[0]
        taken = socket.socket(*kind)
        if os.name == "posix":
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen(socket.SOMAXCONN)
    except OSError as failure:
        reason = failure.strerror or failure
        raise UserError(f"cannot listen on {host} port {port}: {reason}; try --port") from None
    return taken


def announcement(taken: socket.socket, limits: Limits) -> str:
    """Say which model is served, and where.

    Raises:
        UserError: there is none.
    """
    version = read_json(limits.model_dir / "model.json", "run: dvc repro").get("version")
    host, port, *_ = taken.getsockname()
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    workers = f", {limits.rest_workers} workers" if limits.rest_workers > 1 else ""
    return f"serving {version} on {url}, documentation at /docs{workers}"
