"""From a body's JSON to checked rows, or to the reasons why not."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, create_model

from ...data.pydantic_schema import row_model
from ...data.violations import ROW
from ...schema.contract import Schema
from .list_body import Items

SHAPE = 'the body must be {"rows": [{column: value, …}, …]} with at least one row'


class Checked(NamedTuple):
    """Rows that keep the schema, and the names of the columns that it does not know."""

    rows: list[Mapping[str, Any]]
    ignored: list[str]


class RowReader:
    """Checks bodies against the schema of a row."""

    def __init__(self, schema: Schema, most_rows: int) -> None:
        self.model = body_model(row_model(schema), most_rows)
        allowed = {column.name: column.allowed() for column in schema.columns}
        self.items = Items(self.model, "rows", SHAPE, ROW, most_rows, allowed.__getitem__)

    def read(self, body: bytes) -> Checked:
        """Turn JSON into checked rows.

        Raises:
            Refusal: 400 for what is no JSON, 413 for too many rows, 422 for what breaks the schema.
        """
        rows = self.items.read(body)
        ignored = {name for row in rows for name in row.__pydantic_extra__}
        return Checked([row.__dict__ for row in rows], sorted(ignored))


def body_model(row: type[BaseModel], most_rows: int) -> type[BaseModel]:
    """Derive the model of a request's body."""
    rows: Any = (list[row], Field(min_length=1, max_length=most_rows))  # type: ignore[valid-type]
    return create_model("Body", __config__=ConfigDict(strict=True, extra="forbid"), rows=rows)
