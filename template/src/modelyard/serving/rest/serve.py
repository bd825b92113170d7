"""From a host and a port to a service that answers there."""

import os
import socket

from ...console import UserError
from .limits import Limits
from .supervisor import supervise


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
    except OSError as failure:
        reason = failure.strerror or failure
        raise UserError(f"cannot listen on {host} port {port}: {reason}; try --port") from None
    return taken


def address(taken: socket.socket) -> str:
    """Say where a socket listens and what is to be seen there."""
    host, port, *_ = taken.getsockname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}, documentation at /docs"


def serve(package: str, host: str, port: int, limits: Limits) -> None:
    """Answer requests until SIGTERM or Ctrl+C, in this process or in several workers.

    Args:
        package: the name of the project's package.
        host: the address to listen on.
        port: the port; 0 takes any that is free.
        limits: the settings.

    Raises:
        UserError: the port is taken, or the model is missing or altered.
    """
    taken = listen(host, port)
    if limits.rest_workers > 1:
        supervise(taken, package, limits, address(taken))
        return
    from . import server  # here, as a supervisor without model and web framework stays small

    server.serve(taken, package, address(taken))
