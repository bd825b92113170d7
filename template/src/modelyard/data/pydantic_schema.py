"""Validate single rows in pydantic's strict mode, with the verdicts of `validate.py`."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from ..schema.columns import TIME_PATTERN, Category, Column, Number, Text, Timestamp
from ..schema.contract import Schema


def row_model(schema: Schema) -> type[BaseModel]:
    """Create the pydantic model of a row; unknown columns become extra fields."""
    fields: dict[str, Any] = {column.name: field(column) for column in schema.columns}
    required = [column.name for column in schema.columns if column.required]

    def describe(described: dict[str, Any]) -> None:
        described["required"] = required
        for name in required:
            del described["properties"][name]["default"]

    config = ConfigDict(strict=True, extra="allow", json_schema_extra=describe)
    return create_model("Row", __config__=config, **fields)


def field(column: Column) -> tuple[Any, Any]:
    """Return type and default of a pydantic field; an optional column may be null or absent.

    An absent required column is an invalid null: pydantic's `missing` error would copy the row.
    """
    about = f"{column.description}: {column.allowed()}"
    info = Field(validate_default=column.required, description=about)
    kind = value_type(column)
    return Annotated[kind if column.required else kind | None, info], None


def value_type(column: Column) -> Any:
    """Return the pydantic type of a column's values."""
    match column:
        case Number():
            return Annotated[float, Field(ge=column.min, le=column.max, allow_inf_nan=False)]
        case Category(others=False):
            return Literal[column.values]
        case Category() | Text():
            return Annotated[str, Field(min_length=1, max_length=column.max_length)]
        case Timestamp():
            return Annotated[str, Field(pattern=TIME_PATTERN), AfterValidator(real_time)]
        case _:
            raise TypeError(f"{column.name}: no pydantic type for a column of kind {column.kind}")


def real_time(text: str) -> str:
    """Return the text; refuse a date that does not exist, such as February 30."""
    datetime.fromisoformat(text)
    return text
