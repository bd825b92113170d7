"""Error responses: invalid requests and unexpected exceptions as JSON."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from ...data.violations import Violation, shorten

MAX_VIOLATIONS = 100
HEADERS = {
    401: {"www-authenticate": "Bearer"},
    408: {"connection": "close"},  # the rest of the body may still arrive
    415: {"accept": "application/json", "accept-encoding": "identity"},
    503: {"retry-after": "1"},
}


class RequestError(Exception):
    """A request that is answered with an error: the value found, and what is allowed."""

    def __init__(self, status: int, error: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(error)
        self.status, self.error, self.violations = status, error, violations

    def body(self) -> dict[str, Any]:
        """Return the body of the response, with the first `MAX_VIOLATIONS` violations."""
        if not self.violations:
            return {"error": self.error}
        shown = [v._replace(found=shorten(v.found)) for v in self.violations[:MAX_VIOLATIONS]]
        body = {"error": self.error, "faults": [v._asdict() for v in shown]}
        more = len(self.violations) - len(shown)
        return body | {"more_faults": more} if more else body

    def response(self) -> Response:
        """Return the response."""
        return json_response(self.status, self.body(), HEADERS.get(self.status))


def json_response(status: int, body: Any, headers: Any = None) -> Response:
    """Return a response with a JSON body."""
    return Response(to_json(body), status, headers, "application/json")


async def request_error(_: Request, error: RequestError) -> Response:
    """Respond to an invalid request."""
    return error.response()


async def server_error(request: Request, _: Exception) -> Response:
    """Respond to a request that raised an unexpected error; `Instrumentation` prints the error."""
    request_id = request.scope["request_id"].decode()
    return json_response(500, {"error": f"internal server error; request {request_id}"})
