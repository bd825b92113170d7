"""Bodies of `POST /predict` and `POST /feedback`: receive, parse and validate lists of items."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from starlette.types import Message, Receive, Scope
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from ...data.pydantic_schema import row_model, value_type
from ...data.violations import ROW, Violation, mark_duplicates, shorten
from ...schema.contract import Classes, Quantity, Schema
from .limits import Limits
from .responses import RequestError

PLAIN = b"application/json"
JSON = re.compile(
    rb'application/([^;\s]+\+)?json\s*(;\s*charset="?utf-?8"?\s*|;(?!\s*charset)[^;]*)*', re.I
)
ROWS = 'the body must be {"rows": [{column: value, …}, …]} with at least one row'
LABELS = (
    'the body must be {"labels": [{"request_id": …, "row": …, "label": …}, …]} '
    "with at least one label"
)
LABEL = "an object with request_id, row and label"
STRICT = ConfigDict(strict=True, extra="forbid")


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


class ListBody(NamedTuple):
    """The list `name` of a body, and the descriptions of a valid body, item and field."""

    model: type[BaseModel]
    name: str
    shape: str
    item: str
    max_items: int
    allowed: Callable[[str], str]

    def read(self, body: bytes) -> list[Any]:
        """Parse and validate a body; return its items, or raise a `RequestError`."""
        try:
            items = self.parse(body)
            if count_names(body) > 1 + sum(len(item.__pydantic_fields_set__) for item in items):
                return self.parse(json.dumps(json.loads(body, object_pairs_hook=mark_duplicates)))
        except ValidationError as failure:
            raise self.request_error(failure) from None
        return items

    def parse(self, body: bytes | str) -> list[Any]:
        """Return a body's items; of a duplicate name the last value counts."""
        items: list[Any] = getattr(self.model.model_validate_json(body), self.name)
        return items

    def request_error(self, failure: ValidationError) -> RequestError:
        """Convert pydantic's errors of a body to a response."""
        errors = failure.errors(include_url=False)
        first = errors[0]
        if first["type"] == "json_invalid":
            return RequestError(400, f"the body is not valid JSON: {first['ctx']['error']}")
        if first["type"] == "too_long" and first["loc"] == (self.name,):
            found = f"the body has more than {self.max_items:,} {self.name}"
            return RequestError(413, f"{found}, REST_MAX_ROWS allows {self.max_items:,}")
        of_body = [error for error in errors if len(error["loc"]) < 2]
        if of_body:
            return RequestError(422, self.shape_error(of_body[-1]))
        broken = [self.violation(error) for error in errors]
        return RequestError(422, f"schema violations: {len(broken)}; see GET /schema", broken)

    def violation(self, error: Any) -> Violation:
        """Convert one of pydantic's errors about an item to a violation."""
        row, *column = error["loc"][1:]
        if not column:
            return Violation(row, "", error["input"], self.item)
        found = None if error["type"] == "missing" else error["input"]
        return Violation(row, column[0], found, self.allowed(column[0]))

    def shape_error(self, error: Any) -> str:
        """Return the message for a body of another shape than `shape`."""
        name = shorten(error["loc"][0]) if error["loc"] else "the body"
        if error["type"] == "missing":
            return f"{name} is missing; {self.shape}"
        if error["type"] == "extra_forbidden":
            return f"{name} is unknown, allowed is {self.name}; {self.shape}"
        return f"{name} is {shorten(error['input'])}; {self.shape}"


def body_model(title: str, name: str, item: type[BaseModel], max_items: int) -> type[BaseModel]:
    """Derive the pydantic model of a body with a list of items."""
    items: Any = (list[item], Field(min_length=1, max_length=max_items))  # type: ignore[valid-type]
    fields: dict[str, Any] = {name: items}
    return create_model(title, __config__=STRICT, **fields)


def count_names(body: bytes) -> int:
    """Count the names in a JSON body, or more: a string may contain what looks like a name."""
    return body.translate(None, b" \t\r\n").count(b'":')


class CheckedRows(NamedTuple):
    """Valid rows, and the names of their columns that are not in the schema."""

    rows: list[Mapping[str, Any]]
    ignored: list[str]


def row_reader(schema: Schema, max_rows: int) -> ListBody:
    """Return the reader of bodies with rows; unknown columns of a row are its extra fields."""
    model = body_model("Body", "rows", row_model(schema), max_rows)
    allowed = {column.name: column.allowed() for column in schema.columns}
    return ListBody(model, "rows", ROWS, ROW, max_rows, allowed.__getitem__)


def label_reader(target: Classes | Quantity, max_labels: int) -> ListBody:
    """Return the reader of bodies with labels, each with a `request_id`, a `row` and a `label`."""
    rules = {
        "request_id": "1 to 64 letters, digits and . _ -",
        "row": "a whole number from 0, the index of the row in its request",
        "label": target.column.allowed(),
    }
    other = f"only the fields {', '.join(rules)}"
    label = create_model(
        "Label",
        __config__=STRICT,
        request_id=(str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="x-request-id")),
        row=(int, Field(ge=0, le=1_000_000, description="index of the row in the request, from 0")),
        label=(value_type(target.column), Field(description=target.description)),
    )
    model = body_model("Labels", "labels", label, max_labels)
    return ListBody(model, "labels", LABELS, LABEL, max_labels, lambda name: rules.get(name, other))
