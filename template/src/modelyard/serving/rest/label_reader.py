"""Parse and validate the body of `POST /feedback`."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from ...schema.contract import Classes, Quantity
from .list_body import ListBody

SHAPE = (
    'the body must be {"labels": [{"request_id": …, "row": …, "label": …}, …]} '
    "with at least one label"
)
ITEM = "an object with request_id, row and label"
STRICT = ConfigDict(strict=True, extra="forbid")


def label_reader(target: Classes | Quantity, max_labels: int) -> ListBody:
    """Return the reader of bodies with labels, each with a `request_id`, a `row` and a `label`."""
    label = f"one of {', '.join(target.values)}" if target.values else "a finite number"
    rules = {
        "request_id": "1 to 64 letters, digits and . _ -",
        "row": "a whole number from 0, the index of the row in its request",
        "label": label,
    }
    other = f"only the fields {', '.join(rules)}"
    model = body_model(target, max_labels)
    return ListBody(model, "labels", SHAPE, ITEM, max_labels, lambda name: rules.get(name, other))


def body_model(target: Classes | Quantity, max_labels: int) -> type[BaseModel]:
    """Derive the pydantic model of a body with labels."""
    number = Annotated[float, Field(allow_inf_nan=False)]
    kind: Any = Literal[target.values] if target.values else number
    label: Any = create_model(
        "Label",
        __config__=STRICT,
        request_id=(str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="x-request-id")),
        row=(int, Field(ge=0, le=1_000_000, description="index of the row in the request, from 0")),
        label=(kind, Field(description=target.description)),
    )
    labels: Any = (list[label], Field(min_length=1, max_length=max_labels))
    return create_model("Labels", __config__=STRICT, labels=labels)
