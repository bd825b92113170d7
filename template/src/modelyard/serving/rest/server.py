"""The HTTP server of a process, alone on its port or one of several workers."""

import signal
import socket
import sys

import uvicorn
from fastapi import FastAPI

from ...console import UserError
from ...project import wanted
from .service import Service


def application(package: str) -> tuple[FastAPI, Service]:
    """Import a project's application, and give the state behind it.

    Args:
        package: the name of the project's package.

    Raises:
        UserError: `serving/rest.py` is not there, or its `app` was not made by `create_app`.
    """
    app = wanted(f"{package}.serving.rest", "app")
    service = getattr(getattr(app, "state", None), "service", None)
    if not isinstance(app, FastAPI) or not isinstance(service, Service):
        raise UserError("serving/rest.py: app is not what create_app() has made")
    return app, service


def make_server(app: FastAPI, service: Service, at_once: int = 2048) -> uvicorn.Server:
    """Make the server, with nothing that a request does not need.

    Args:
        app: answers.
        service: its state.
        at_once: how many waiting connections it takes in a row.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=at_once,
            timeout_graceful_shutdown=service.limits.rest_stop_timeout_s,  # type: ignore[arg-type]
        )
    )


def serve(taken: socket.socket, package: str, address: str) -> None:
    """Answer requests until SIGTERM or Ctrl+C; what is under way is answered first.

    Raises:
        UserError: the model is missing or altered.
    """

    def loaded() -> None:
        stop_if_failed(server, service)
        if service.predictor:
            print(f"serving {service.predictor.version} on {address}", file=sys.stderr)

    app, service = application(package)
    server = make_server(app, service)
    service.on_loaded = loaded
    with taken:
        run_server(server, service, taken)


def stop_if_failed(server: uvicorn.Server, service: Service) -> None:
    """Stop a server without a model; a stop that was asked for while it loaded stays asked for."""
    if service.failure:
        server.should_exit = True


def run_server(server: uvicorn.Server, service: Service, taken: socket.socket) -> None:
    """Run a server on a socket until it is told to stop.

    Raises:
        UserError: the model is missing or altered.
    """
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: sys.exit(0))
    server.run(sockets=[taken])
    if service.failure:
        raise service.failure
