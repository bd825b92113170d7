"""Requests that are refused, and how the answer says why."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from ...data.violations import Fault, short

MOST_FAULTS = 100
HEADERS = {
    401: {"www-authenticate": "Bearer"},
    408: {"connection": "close"},  # the rest of the body may yet come
    503: {"retry-after": "1"},
}


class Refusal(Exception):
    """A request that gets an error as its answer.

    Args:
        status: the HTTP status, from 400.
        error: what is wrong and what is allowed, in one sentence.
        faults: the broken rules, if rows break the schema.
    """

    def __init__(self, status: int, error: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(error)
        self.status, self.error, self.faults = status, error, faults

    def body(self) -> dict[str, Any]:
        """Give the answer's body; of many faults the first ones."""
        if not self.faults:
            return {"error": self.error}
        shown = [fault._replace(found=short(fault.found)) for fault in self.faults[:MOST_FAULTS]]
        body = {"error": self.error, "faults": [fault._asdict() for fault in shown]}
        more = len(self.faults) - len(shown)
        return body | {"more_faults": more} if more else body

    def response(self) -> Response:
        """Give the answer."""
        return json_response(self.status, self.body(), HEADERS.get(self.status))


def json_response(status: int, body: Any, headers: Any = None) -> Response:
    """Make an answer of anything that JSON can hold."""
    return Response(to_json(body), status, headers, "application/json")


async def refused(_: Request, refusal: Refusal) -> Response:
    """Answer a refused request."""
    return refusal.response()


async def unexpected(request: Request, _: Exception) -> Response:
    """Answer a request that failed as none should; the observer prints why."""
    name = request.scope["request_id"].decode()
    return json_response(500, {"error": f"this should not have happened; request {name}"})
