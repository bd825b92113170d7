"""What the routes answer, as FastAPI documents it in `/openapi.json`."""

from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from ...schema.contract import Classes, Quantity

ERRORS = {
    400: "The body is no JSON, or broke off.",
    408: "The body came too slowly (REST_BODY_TIMEOUT_S).",
    413: "The body is too large (REST_MAX_BODY_BYTES) or has too many rows (REST_MAX_ROWS).",
    422: "A row breaks the schema, or the body has another shape.",
    503: "Too many requests are under way (REST_MAX_WAITING), or the model is not loaded yet.",
}
LABEL_ERRORS = ERRORS | {
    413: "The body is too large (REST_MAX_BODY_BYTES) or has too many labels (REST_MAX_ROWS).",
    422: "A label is none that the target allows, or the body has another shape.",
    503: "Too many requests are under way (REST_MAX_WAITING), or others keep labels all the time.",
    507: "The disk refused; send the labels again.",
}
NOT_READY = {503: "The model is not loaded yet."}
NO_TOKEN = {401: "The token is missing or wrong."}


class BrokenRule(BaseModel):
    """A value that breaks the schema; an empty column name means the whole row."""

    row: int = Field(description="the row's place, from 0")
    column: str
    found: Any = Field(description="the value; null if there is none")
    allowed: str


class Error(BaseModel):
    """Why a request was refused."""

    error: str
    faults: list[BrokenRule] | None = Field(None, description="the first 100 broken rules")
    more_faults: int | None = Field(None, description="how many more rules are broken")


class Judged(BaseModel):
    """What became of a label."""

    request_id: str
    row: int
    answer: Literal["kept", "known", "unknown", "late", "contradictory"] = Field(
        description="kept: it is new. known: the same was kept before. unknown: no such prediction "
        "is recorded. late: the prediction is older than REST_FEEDBACK_DAYS. "
        "contradictory: another label was kept before, and stays."
    )


class Answers(BaseModel):
    """An answer for each label, in order."""

    answers: list[Judged]


def errors(texts: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """Describe errors to FastAPI, each by its status."""
    return {status: {"model": Error, "description": text} for status, text in texts.items()}


def answer_model(target: Classes | Quantity) -> type[BaseModel]:
    """Derive the model of an answer: for two classes with `score`, for more with `scores`."""
    score: Any = (float, Field(description=f"probability of {target.values[-1:]}", ge=0, le=1))
    scores: Any = (dict[str, float], Field(description="probability of each class"))
    extra = {"binary": {"score": score}, "multiclass": {"scores": scores}, "regression": {}}
    label: Any = Literal[target.values] if target.values else float
    prediction: Any = create_model("Prediction", prediction=(label, ...), **extra[target.task])
    return create_model(
        "Answer",
        model_version=(str, Field(description="the first digits of the model's sha256")),
        predictions=(list[prediction], ...),
        ignored_columns=(list[str] | None, Field(None, description="columns that are not known")),
    )
