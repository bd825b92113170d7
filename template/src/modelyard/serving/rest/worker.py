"""One of several processes that answer on the same port; `supervisor.py` starts and ends it."""

import socket
import sys
import threading
from contextlib import suppress

from ...console import run
from ...project import named
from .server import application, make_server, run_server, stop_if_failed


class Shared(socket.socket):
    """The port of several workers: a worker takes one connection at a time, so that all get some.

    asyncio has one number for the length of the queue and for how much is taken from it in a row.
    """

    def listen(self, backlog: int = 0) -> None:
        """Keep the queue long, whatever the number."""
        super().listen(max(backlog, socket.SOMAXCONN))


def work(taken: socket.socket, supervisor: socket.socket, package: str) -> None:
    """Answer requests until SIGTERM, or until the supervisor is gone.

    Args:
        taken: the port, shared with the other workers.
        supervisor: is told the model's version once that is loaded; ends when the supervisor does.
        package: the name of the project's package.

    Raises:
        UserError: the model is missing or altered.
    """

    def loaded() -> None:
        stop_if_failed(server, service)
        if service.predictor:
            supervisor.sendall(service.predictor.version.encode())

    def stop_when_alone() -> None:
        with suppress(OSError):
            supervisor.recv(1)
        server.should_exit = True

    app, service = application(package)
    server = make_server(app, service, at_once=1)
    service.on_loaded = loaded
    threading.Thread(target=stop_when_alone, daemon=True).start()
    run_server(server, service, taken)


def inherited(number: str) -> socket.socket:
    """Open a socket that the supervisor left to this process."""
    found = socket.socket(fileno=int(number))
    if found.family == socket.AF_UNIX:
        return found
    # asyncio sends small answers at once (TCP_NODELAY) only if the socket names its protocol
    return Shared(found.family, found.type, socket.IPPROTO_TCP, found.detach())


def main() -> None:
    """Work on the two sockets that the command line names."""
    taken, supervisor = map(inherited, sys.argv[1:])
    work(taken, supervisor, named())


if __name__ == "__main__":
    run(main)
