"""Parse and validate the bodies of `POST /predict` and `POST /feedback`."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, create_model

from ...data.pydantic_schema import row_model
from ...data.violations import ROW
from ...schema.contract import Classes, Quantity, Schema
from .list_body import STRICT, ListBody, body_model

ROWS = 'the body must be {"rows": [{column: value, …}, …]} with at least one row'
LABELS = (
    'the body must be {"labels": [{"request_id": …, "row": …, "label": …}, …]} '
    "with at least one label"
)
LABEL = "an object with request_id, row and label"


class CheckedRows(NamedTuple):
    """Valid rows, and the names of their columns that are not in the schema."""

    rows: list[Mapping[str, Any]]
    ignored: list[str]


class RowReader:
    """Validates bodies against the schema of a row."""

    def __init__(self, schema: Schema, max_rows: int) -> None:
        self.model = body_model("Body", "rows", row_model(schema), max_rows)
        allowed = {column.name: column.allowed() for column in schema.columns}
        self.list_body = ListBody(self.model, "rows", ROWS, ROW, max_rows, allowed.__getitem__)

    def read(self, body: bytes) -> CheckedRows:
        """Parse and validate a body."""
        rows = self.list_body.read(body)
        ignored = {name for row in rows for name in row.__pydantic_extra__}
        return CheckedRows([row.__dict__ for row in rows], sorted(ignored))


def label_reader(target: Classes | Quantity, max_labels: int) -> ListBody:
    """Return the reader of bodies with labels, each with a `request_id`, a `row` and a `label`."""
    rules = {
        "request_id": "1 to 64 letters, digits and . _ -",
        "row": "a whole number from 0, the index of the row in its request",
        "label": f"one of {', '.join(target.values)}" if target.values else "a finite number",
    }
    other = f"only the fields {', '.join(rules)}"
    number = Annotated[float, Field(allow_inf_nan=False)]
    kind: Any = Literal[target.values] if target.values else number
    label = create_model(
        "Label",
        __config__=STRICT,
        request_id=(str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="x-request-id")),
        row=(int, Field(ge=0, le=1_000_000, description="index of the row in the request, from 0")),
        label=(kind, Field(description=target.description)),
    )
    model = body_model("Labels", "labels", label, max_labels)
    return ListBody(model, "labels", LABELS, LABEL, max_labels, lambda name: rules.get(name, other))
