"""What `/openapi.json` says of `POST /predict` and `POST /feedback`."""

import json
from collections.abc import Container
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model
from pydantic.json_schema import models_json_schema

from ...schema.contract import Classes, Quantity

REFERENCE = "#/components/schemas/{model}"
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


def add_predict(document: dict[str, Any], body: type[BaseModel], answer: type[BaseModel]) -> None:
    """Put `POST /predict` and its models into an OpenAPI document."""
    add_post(document, "predict", "Predict for rows", body, answer, ERRORS)


def add_feedback(document: dict[str, Any], body: type[BaseModel]) -> None:
    """Put `POST /feedback` and its models into an OpenAPI document."""
    add_post(document, "feedback", "Tell what became of predictions", body, Answers, LABEL_ERRORS)


def add_post(
    document: dict[str, Any],
    name: str,
    summary: str,
    body: type[BaseModel],
    answer: type[BaseModel],
    errors: dict[int, str],
) -> None:
    """Put an operation that takes and gives JSON into an OpenAPI document."""
    names = add_models(document, body, answer)
    answers = {200: response("An answer for each item, in order.", names[answer.__name__])}
    answers |= {status: response(text, names["Error"]) for status, text in errors.items()}
    document["paths"][f"/{name}"] = {
        "post": {
            "summary": summary,
            "operationId": name,
            "requestBody": {"required": True, "content": content(names[body.__name__])},
            "responses": answers,
        }
    }


def add_models(
    document: dict[str, Any], body: type[BaseModel], answer: type[BaseModel]
) -> dict[str, str]:
    """Put models into an OpenAPI document, under other names where the project uses theirs.

    Returns:
        Name of a model to its name in the document.
    """
    models: Any = [(body, "validation"), (answer, "serialization"), (Error, "validation")]
    found = models_json_schema(models, ref_template=REFERENCE)[1]["$defs"]
    known = document.setdefault("components", {}).setdefault("schemas", {})
    names = {
        name: name if known.get(name, model) == model else f"Modelyard{name}"
        for name, model in found.items()
    }
    text = json.dumps(found)
    for name, other in names.items():
        text = text.replace(f'"{reference(name)}"', f'"{reference(other)}"')
    known |= {names[name]: model for name, model in json.loads(text).items()}
    return names


def add_token(document: dict[str, Any], open_paths: Container[str]) -> None:
    """Say in an OpenAPI document that all paths but the open ones need a token."""
    scheme = {"type": "http", "scheme": "bearer", "description": "what REST_TOKEN says"}
    document["components"]["securitySchemes"] = {"token": scheme}
    for path, operations in document["paths"].items():
        for operation in operations.values() if path not in open_paths else ():
            operation["security"] = [{"token": []}]
            operation["responses"]["401"] = response("The token is missing or wrong.", "Error")


def response(description: str, model: str) -> dict[str, Any]:
    """Describe an answer."""
    return {"description": description, "content": content(model)}


def content(model: str) -> dict[str, Any]:
    """Say that JSON of a model is sent."""
    return {"application/json": {"schema": {"$ref": reference(model)}}}


def reference(model: str) -> str:
    """Refer to a model of the document."""
    return REFERENCE.format(model=model)


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
