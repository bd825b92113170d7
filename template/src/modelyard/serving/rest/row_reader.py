"""Parse and validate the body of `POST /predict`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, create_model

from ...data.pydantic_schema import row_model
from ...data.violations import ROW
from ...schema.contract import Schema
from .list_body import ListBody

SHAPE = 'the body must be {"rows": [{column: value, …}, …]} with at least one row'


class CheckedRows(NamedTuple):
    """Valid rows, and the names of their columns that are not in the schema."""

    rows: list[Mapping[str, Any]]
    ignored: list[str]


class RowReader:
    """Validates bodies against the schema of a row."""

    def __init__(self, schema: Schema, max_rows: int) -> None:
        self.model = body_model(row_model(schema), max_rows)
        allowed = {column.name: column.allowed() for column in schema.columns}
        self.list_body = ListBody(self.model, "rows", SHAPE, ROW, max_rows, allowed.__getitem__)

    def read(self, body: bytes) -> CheckedRows:
        """Parse and validate a body."""
        rows = self.list_body.read(body)
        ignored = {name for row in rows for name in row.__pydantic_extra__}
        return CheckedRows([row.__dict__ for row in rows], sorted(ignored))


def body_model(row: type[BaseModel], max_rows: int) -> type[BaseModel]:
    """Derive the pydantic model of a request's body."""
    rows: Any = (list[row], Field(min_length=1, max_length=max_rows))  # type: ignore[valid-type]
    return create_model("Body", __config__=ConfigDict(strict=True, extra="forbid"), rows=rows)
