"""Error responses, and response models of the routes for `/openapi.json`."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from ...data.violations import Violation as SchemaViolation
from ...data.violations import shorten
from ...schema.contract import Classes, Quantity

ERRORS = {
    400: "The body is not valid JSON, or incomplete.",
    408: "The body arrived too slowly (REST_BODY_TIMEOUT_S).",
    413: "The body is too large (REST_MAX_BODY_BYTES) or has too many rows (REST_MAX_ROWS).",
    415: "The body is compressed, or its Content-Type is not JSON.",
    422: "A row violates the schema, or the body has another shape.",
    503: "Too many requests are in progress (REST_MAX_WAITING), or the model is not loaded yet.",
}
LABEL_ERRORS = ERRORS | {
    413: "The body is too large (REST_MAX_BODY_BYTES) or has too many labels (REST_MAX_ROWS).",
    422: "A label is not a value of the target, or the body has another shape.",
    503: "Too many requests are in progress (REST_MAX_WAITING) or are storing labels.",
    507: "The labels could not be written; send them again.",
}
NOT_READY = {503: "The model is not loaded yet."}
NO_TOKEN = {401: "The token is missing or wrong."}
MAX_VIOLATIONS = 100
HEADERS = {
    401: {"www-authenticate": "Bearer"},
    408: {"connection": "close"},  # the rest of the body may still arrive
    415: {"accept": "application/json", "accept-encoding": "identity"},
    503: {"retry-after": "1"},
}


class RequestError(Exception):
    """A request that is answered with an error: the value found, and what is allowed."""

    def __init__(self, status: int, error: str, violations: Sequence[SchemaViolation] = ()) -> None:
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


class Violation(BaseModel):
    """A value that violates the schema; an empty column name means the whole row."""

    row: int = Field(description="index of the row, from 0")
    column: str
    found: Any = Field(description="the value; null if it is missing")
    allowed: str


class Error(BaseModel):
    """The reason why a request was rejected."""

    error: str
    faults: list[Violation] | None = Field(None, description="the first 100 schema violations")
    more_faults: int | None = Field(None, description="number of further violations")


class LabelOutcome(BaseModel):
    """The outcome of a label."""

    request_id: str
    row: int
    answer: Literal["kept", "known", "unknown", "late", "contradictory"] = Field(
        description="kept: it is new and stored. known: the same label is stored already. unknown: "
        "the prediction is not recorded. late: the prediction is older than REST_FEEDBACK_DAYS. "
        "contradictory: another label is stored already, and stays."
    )


class FeedbackResponse(BaseModel):
    """The outcome of each label, in order."""

    answers: list[LabelOutcome]


def errors(texts: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """Return the error responses for FastAPI's documentation, by status."""
    return {status: {"model": Error, "description": text} for status, text in texts.items()}


def predict_response(target: Classes | Quantity) -> type[BaseModel]:
    """Derive the model of a response: `score` for two classes, `scores` for more."""
    score: Any = (float, Field(description=f"probability of {target.values[-1:]}", ge=0, le=1))
    scores: Any = (dict[str, float], Field(description="probability of each class"))
    extra = {"binary": {"score": score}, "multiclass": {"scores": scores}, "regression": {}}
    label: Any = Literal[target.values] if target.values else float
    prediction: Any = create_model("Prediction", prediction=(label, ...), **extra[target.task])
    return create_model(
        "PredictResponse",
        model_version=(str, Field(description="first digits of the model's digest")),
        predictions=(list[prediction], ...),
        ignored_columns=(list[str] | None, Field(None, description="columns not in the schema")),
    )
