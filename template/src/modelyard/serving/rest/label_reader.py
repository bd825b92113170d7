"""From a body's JSON to labels that the target allows, or to the reasons why not."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from ...schema.contract import Classes, Quantity
from .list_body import Items

SHAPE = (
    'the body must be {"labels": [{"request_id": …, "row": …, "label": …}, …]} '
    "with at least one label"
)
ITEM = "an object with request_id, row and label"
STRICT = ConfigDict(strict=True, extra="forbid")


def label_reader(target: Classes | Quantity, most: int) -> Items:
    """Make what turns bodies into labels, each with a `request_id`, a `row` and a `label`."""
    label = f"one of {', '.join(target.values)}" if target.values else "a finite number"
    rules = {
        "request_id": "1 to 64 letters, digits and . _ -",
        "row": "a whole number from 0, the row's place in its request",
        "label": label,
    }
    nothing = f"nothing, known are {', '.join(rules)}"
    model = body_model(target, most)
    return Items(model, "labels", SHAPE, ITEM, most, lambda name: rules.get(name, nothing))


def body_model(target: Classes | Quantity, most: int) -> type[BaseModel]:
    """Derive the model of a body with labels."""
    number = Annotated[float, Field(allow_inf_nan=False)]
    kind: Any = Literal[target.values] if target.values else number
    label: Any = create_model(
        "Label",
        __config__=STRICT,
        request_id=(str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="x-request-id")),
        row=(int, Field(ge=0, le=1_000_000, description="the row's place in it, from 0")),
        label=(kind, Field(description=target.description)),
    )
    labels: Any = (list[label], Field(min_length=1, max_length=most))
    return create_model("Labels", __config__=STRICT, labels=labels)
