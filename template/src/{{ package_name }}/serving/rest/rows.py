"""From a body's JSON to checked rows, or to the reasons why not."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model

from ...contract import Schema
from ...data.faults import ROW, Fault, short
from ...data.rows import row_model
from .refusal import Refusal

SHAPE = 'the body must be {"rows": [{column: value, …}, …]} with at least one row'


class Checked(NamedTuple):
    """Rows that keep the schema, and the names of the columns that it does not know."""

    rows: list[Mapping[str, Any]]
    ignored: list[str]


class RowReader:
    """Checks bodies against the schema of a row.

    Args:
        schema: the rules of a row.
        most_rows: how many rows a body may hold.
    """

    def __init__(self, schema: Schema, most_rows: int) -> None:
        """Derive the model of a body."""
        self.schema, self.most_rows = schema, most_rows
        self.body = body_model(row_model(schema), most_rows)
        self.adapter: TypeAdapter[Any] = TypeAdapter(self.body)

    def read(self, body: bytes) -> Checked:
        """Turn JSON into checked rows.

        Raises:
            Refusal: 400 for what is no JSON, 413 for too many rows, 422 for what breaks the schema.
        """
        try:
            rows = self.adapter.validate_json(body).rows
        except ValidationError as failure:
            raise self.refusal(failure) from None
        ignored = {name for row in rows for name in row.__pydantic_extra__}
        return Checked([row.__dict__ for row in rows], sorted(ignored))

    def refusal(self, failure: ValidationError) -> Refusal:
        """Say what is wrong with a body."""
        errors = failure.errors(include_url=False)
        first = errors[0]
        if first["type"] == "json_invalid":
            return Refusal(400, f"the body is no JSON: {first['ctx']['error']}")
        if first["type"] == "too_long" and first["loc"] == ("rows",):
            allowed = f"REST_MAX_ROWS allows {self.most_rows:,}"
            return Refusal(413, f"the body has more than {self.most_rows:,} rows, {allowed}")
        misshapen = [error for error in errors if len(error["loc"]) < 2]
        if misshapen:
            return Refusal(422, wrong_shape(misshapen[-1]))
        faults = [self.fault(error) for error in errors]
        return Refusal(422, f"rules broken: {len(faults)}; GET /schema lists all rules", faults)

    def fault(self, error: Any) -> Fault:
        """Turn one of pydantic's errors about a row into a fault."""
        row, *column = error["loc"][1:]
        if not column:
            return Fault(row, "", error["input"], ROW)
        found = None if error["type"] == "missing" else error["input"]
        return Fault(row, column[0], found, self.schema.column(column[0]).allowed())


def wrong_shape(error: Any) -> str:
    """Say in which way a body is not what it must be."""
    name = error["loc"][0] if error["loc"] else "the body"
    if error["type"] == "missing":
        return f"{name} is missing; {SHAPE}"
    if error["type"] == "extra_forbidden":
        return f"{name} is not known, only rows is; {SHAPE}"
    return f"{name} is {short(error['input'])}; {SHAPE}"


def body_model(row: type[BaseModel], most_rows: int) -> type[BaseModel]:
    """Derive the model of a request's body."""
    rows: Any = (list[row], Field(min_length=1, max_length=most_rows))  # type: ignore[valid-type]
    return create_model("Body", __config__=ConfigDict(strict=True, extra="forbid"), rows=rows)
