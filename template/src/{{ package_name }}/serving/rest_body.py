"""From the bytes of a request to checked rows."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from starlette.requests import Request

from ..contract import Schema
from ..data.faults import Fault
from ..data.rows import row_model
from ..settings import Settings
from .rest_refusal import Refusal, short


class Checked(NamedTuple):
    """Rows that keep the schema, and the names of the columns that it does not know."""

    rows: list[Mapping[str, Any]]
    ignored: list[str]


async def receive(request: Request, settings: Settings) -> bytes:
    """Read a body within the limits of size and time.

    Raises:
        Refusal: 413 for a body that is too large, 408 for one that comes too slowly, 400 if the
            client goes away.
    """
    most, seconds = settings.rest_max_body_bytes, settings.rest_body_timeout_s
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise too_large(int(announced), most)
    try:
        async with asyncio.timeout(seconds):
            return await joined(request, most)
    except TimeoutError:
        text = f"the body was not complete after {seconds:g} s (REST_BODY_TIMEOUT_S)"
        raise Refusal(408, text) from None


async def joined(request: Request, most: int) -> bytes:
    """Put the parts of a body together.

    Raises:
        Refusal: it is too large, or the client goes away.
    """
    body = b""
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "the client went away before the body was complete")
        body += message.get("body", b"")
        if len(body) > most:
            raise too_large(len(body), most)
        if not message.get("more_body"):
            return body


def too_large(found: int, most: int) -> Refusal:
    """Say that a body is too large."""
    allowed = f"allowed are {most:,} (REST_MAX_BODY_BYTES)"
    return Refusal(413, f"the body has {found:,} bytes or more, {allowed}")


class BodyReader:
    """Checks bodies against the schema of a row.

    Args:
        schema: the rules of a row.
        most_rows: how many rows a body may hold.
    """

    def __init__(self, schema: Schema, most_rows: int) -> None:
        """Derive the model of a body."""
        self.schema, self.most_rows = schema, most_rows
        self.model = body_model(schema, most_rows)
        self.adapter: TypeAdapter[Any] = TypeAdapter(self.model)

    def read(self, body: bytes) -> Checked:
        """Turn JSON into checked rows.

        Raises:
            Refusal: 400 for what is no JSON, 413 for too many rows, 422 for what breaks the schema.
        """
        try:
            rows = self.adapter.validate_json(body).rows
        except ValidationError as failure:
            raise self.refusal(failure) from None
        ignored = {name for row in rows for name in row.__pydantic_extra__ or ()}
        return Checked([row.__dict__ for row in rows], sorted(ignored))

    def refusal(self, failure: ValidationError) -> Refusal:
        """Say what is wrong with a body."""
        errors = failure.errors(include_url=False, include_context=False)
        first = errors[0]
        if first["type"] == "json_invalid":
            return Refusal(400, f"the body is no JSON: {first['msg'].partition(': ')[2]}")
        if first["loc"] == ("rows",) and first["type"] == "too_long":
            allowed = f"allowed are {self.most_rows:,} (REST_MAX_ROWS)"
            return Refusal(413, f"the body has more rows than are allowed, {allowed}")
        faults = [
            self.fault(error)
            for error in errors
            if error["loc"][:1] == ("rows",) and len(error["loc"]) > 1
        ]
        if len(faults) == len(errors):
            return Refusal(422, f"{len(faults)} values break the schema (GET /schema)", faults)
        return Refusal(422, self.misshapen(first))

    def fault(self, error: Any) -> Fault:
        """Turn one of pydantic's errors about a row into a fault."""
        row, *column = error["loc"][1:]
        if not column:
            return Fault(row, "", error["input"], "an object with a value for each column")
        found = None if error["type"] == "missing" else error["input"]
        return Fault(row, column[0], found, self.schema.column(column[0]).allowed())

    def misshapen(self, error: Any) -> str:
        """Say in which way a body is not what it must be."""
        allowed = 'a body is {"rows": [{column: value, ...}, ...]} with at least one row'
        name = ".".join(str(part) for part in error["loc"]) or "the body"
        if error["type"] == "missing":
            return f"{name} is missing; {allowed}"
        return f"{name} is {short(error['input'])!r}; {allowed}"


def body_model(schema: Schema, most_rows: int) -> type[BaseModel]:
    """Derive the model of a request's body."""
    rows = (list[row_model(schema)], Field(min_length=1, max_length=most_rows))  # type: ignore[misc]
    return create_model("Rows", __config__=ConfigDict(strict=True, extra="forbid"), rows=rows)
