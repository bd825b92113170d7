"""How a request's body is received: not too large, not too slow."""

import asyncio
from types import MethodType

from starlette.types import Message, Receive, Scope

from .errors import Refusal
from .limits import Limits


async def receive_body(scope: Scope, receive: Receive, limits: Limits) -> bytes:
    """Receive a body within the limits.

    Raises:
        Refusal: 413 for a body that is too large, 408 for one that comes too slowly, 400 if the
            client goes away.
    """
    most, seconds = limits.rest_max_body_bytes, limits.rest_body_timeout_s
    announced = announced_length(scope)
    if announced > most:
        raise too_large(f"{announced:,}", most)
    body = bytearray()
    if is_servers(receive) and take(body, at_hand(receive), most):
        return bytes(body)
    try:
        async with asyncio.timeout(seconds):
            while not take(body, await receive(), most):
                pass
    except TimeoutError:
        text = f"the body was not complete after {seconds:g} s, all that REST_BODY_TIMEOUT_S allows"
        raise Refusal(408, text) from None
    return bytes(body)


def announced_length(scope: Scope) -> int:
    """Give the length that the headers announce, 0 for none."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def is_servers(receive: Receive) -> bool:
    """Tell whether a body comes straight from the server, and through no middleware.

    The server's `receive` can be given up while it waits and be called again; a middleware's may
    lose the body by that.
    """
    return isinstance(receive, MethodType) and receive.__module__.startswith("uvicorn.")


def at_hand(receive: Receive) -> Message | None:
    """Give the next message if it is there already, None if it has yet to come.

    A small body is nearly always there, and a timer costs more than to read it.
    """
    waiting = receive().__await__()
    try:
        next(waiting)
    except StopIteration as arrived:
        message: Message = arrived.value
        return message
    waiting.close()
    return None


def take(body: bytearray, message: Message | None, most: int) -> bool:
    """Put what a message brings to a body; tell whether it was the last.

    Raises:
        Refusal: the body is too large, or the client goes away.
    """
    if message is None:
        return False
    if message["type"] == "http.disconnect":
        raise Refusal(400, "the client went away before the body was complete")
    body += message.get("body", b"")
    if len(body) > most:
        raise too_large(f"more than {most:,}", most)
    return not message.get("more_body", False)


def too_large(found: str, most: int) -> Refusal:
    """Say that a body is too large."""
    return Refusal(413, f"the body has {found} bytes, REST_MAX_BODY_BYTES allows {most:,}")
