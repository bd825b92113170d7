"""How a request's body is received: not too large, not too slow."""

import asyncio

from starlette.types import Receive, Scope

from .limits import Limits
from .refusal import Refusal


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
    try:
        async with asyncio.timeout(seconds):
            return await joined(receive, most)
    except TimeoutError:
        text = f"the body was not complete after {seconds:g} s, all that REST_BODY_TIMEOUT_S allows"
        raise Refusal(408, text) from None


def announced_length(scope: Scope) -> int:
    """Give the length that the headers announce, 0 for none."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def joined(receive: Receive, most: int) -> bytes:
    """Put the parts of a body together.

    Raises:
        Refusal: it is too large, or the client goes away.
    """
    parts, length, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "the client went away before the body was complete")
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > most:
            raise too_large(f"more than {most:,}", most)
        more = message.get("more_body", False)
    return b"".join(parts)


def too_large(found: str, most: int) -> Refusal:
    """Say that a body is too large."""
    return Refusal(413, f"the body has {found} bytes, REST_MAX_BODY_BYTES allows {most:,}")
