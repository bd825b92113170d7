"""The page at `/docs`: what a row is, and a place to try one. It needs nothing from elsewhere."""

import json
from collections.abc import Iterable
from contextlib import suppress
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from ...console import UserError
from ...schema.columns import Category, Column, Number, Timestamp
from ...schema.contract import Schema
from ..predictor import Predictor
from .responses import ERRORS


def page(schema: Schema, predictor: Predictor | None) -> str:
    """Write the page as HTML."""
    body = {"rows": [proposed(schema, predictor)]}
    return Template(files(__package__).joinpath("page.html").read_text("utf-8")).substitute(
        title=escape(f"Predictions of {schema.target.name}"),
        description=escape(f"{schema.target.description}."),
        version=escape(predictor.version if predictor else "is being loaded"),
        body=escape(json.dumps(body, indent=2, ensure_ascii=False)),
        columns=lines((c.name, c.description, c.rule()) for c in schema.columns),
        errors=lines((str(status), text) for status, text in ERRORS.items()),
    )


def proposed(schema: Schema, predictor: Predictor | None) -> dict[str, Any]:
    """Give a real row if the model came with some, else one that the schema allows."""
    if predictor:
        with suppress(UserError):
            return predictor.examples(1)[0]
    return {column.name: example(column) for column in schema.columns}


def example(column: Column) -> Any:
    """Give a value that the column allows: null where it may be missing."""
    if not column.required:
        return None
    match column:
        case Number():
            return next((bound for bound in (column.min, column.max) if bound is not None), 0.0)
        case Category():
            return column.values[0]
        case Timestamp():
            return "2013-08-01T06:30:00"
        case _:
            return "a"


def lines(table: Iterable[Iterable[str]]) -> str:
    """Lay cells out as rows of a table."""
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in line) for line in table)
    return "\n".join(f"<tr>{row}</tr>" for row in rows)
