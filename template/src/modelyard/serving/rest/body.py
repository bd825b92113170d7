"""Receive a request's body within limits of size and time."""

import asyncio
import re

from starlette.types import Message, Receive, Scope
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from .limits import Limits
from .responses import RequestError

PLAIN = b"application/json"
JSON = re.compile(
    rb'application/([^;\s]+\+)?json\s*(;\s*charset="?utf-?8"?\s*|;(?!\s*charset)[^;]*)*', re.I
)


async def receive_body(scope: Scope, receive: Receive, limits: Limits) -> bytes:
    """Receive a body within the limits; any other is a `RequestError`."""
    max_bytes, seconds = limits.rest_max_body_bytes, limits.rest_body_timeout_s
    announced = content_length(scope)
    if announced > max_bytes:
        raise too_large(f"{announced:,}", max_bytes)
    body, cycle = bytearray(), getattr(receive, "__self__", None)
    if isinstance(cycle, RequestResponseCycle) and not cycle.more_body:  # all of it is here
        append_part(body, await receive(), max_bytes)  # a timeout costs more than reading it
        return bytes(body)
    try:
        async with asyncio.timeout(seconds):
            while not append_part(body, await receive(), max_bytes):
                pass
    except TimeoutError:
        text = f"the body is incomplete after {seconds:g} s, REST_BODY_TIMEOUT_S allows no more"
        raise RequestError(408, text) from None
    return bytes(body)


def content_length(scope: Scope) -> int:
    """Return the length in the header Content-Length, 0 without one."""
    length = 0
    for name, value in scope["headers"]:
        if name == b"content-length":
            length = int(value) if value.isdigit() else 0
        elif name == b"content-type" and value != PLAIN and not JSON.fullmatch(value):
            error = f"the body is {value.decode('latin-1')}, allowed is application/json in utf-8"
            raise RequestError(415, error)
        elif name == b"content-encoding" and value.lower() not in (b"", b"identity"):
            found = value.decode("latin-1")
            raise RequestError(415, f"the body is {found}, allowed is one that is not compressed")
    return length


def append_part(body: bytearray, message: Message, max_bytes: int) -> bool:
    """Append a message's part to a body; return whether it is the last part."""
    if message["type"] == "http.disconnect":
        raise RequestError(400, "the client disconnected before the body was complete")
    body += message.get("body", b"")
    if len(body) > max_bytes:
        raise too_large(f"more than {max_bytes:,}", max_bytes)
    return not message.get("more_body", False)


def too_large(size: str, max_bytes: int) -> RequestError:
    """Return the error for a body that is too large."""
    return RequestError(413, f"the body has {size} bytes, REST_MAX_BODY_BYTES allows {max_bytes:,}")
