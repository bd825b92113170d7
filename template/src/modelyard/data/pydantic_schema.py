"""Validate single rows in pydantic's strict mode, with the verdicts of `validate.py`."""

from typing import Annotated, Any, Literal

from annotated_types import Predicate
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from ..schema.columns import Boolean, Category, Column, Date, Integer, Number, Text
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
    aliases = f"; also {', '.join(map(repr, column.aliases))}" if column.aliases else ""
    about = f"{column.description}: {column.allowed()}{aliases}"
    info = Field(validate_default=column.required, description=about)
    kind = value_type(column) if column.required else value_type(column) | None
    if column.replaces():
        texts = all(isinstance(key, str) for key in column.aliases)
        arrives = kind | str if texts else kind | str | float
        read = BeforeValidator(column.normalise, json_schema_input_type=arrives)
        kind = Annotated[kind, read]
    return Annotated[kind, info], None


def value_type(column: Column) -> Any:
    """Return the pydantic type of a column's values."""
    match column:
        case Boolean():
            return bool
        case Integer():
            whole = Field(ge=column.min, le=column.max, json_schema_extra={"type": "integer"})
            return Annotated[float, whole, Predicate(column.is_valid), AfterValidator(int)]
        case Number():
            return Annotated[float, Field(ge=column.min, le=column.max, allow_inf_nan=False)]
        case Category(others=False):
            return Literal[column.values]
        case Category() | Text():
            return Annotated[str, Field(min_length=1, max_length=column.max_length)]
        case Date():
            return Annotated[str, Field(pattern=column.pattern), Predicate(column.is_valid)]
        case _:
            raise TypeError(f"{column.name}: no pydantic type for a column of kind {column.kind}")
