"""Page at `/docs`: the schema and a form to try a prediction, without external resources."""

import json
from collections.abc import Iterable
from contextlib import suppress
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from ...console import UserError
from ...schema.columns import Boolean, Category, Column, Date, Number, Timestamp
from ...schema.contract import Schema
from ..predictor import Predictor
from .responses import ERRORS


def page(schema: Schema, predictor: Predictor | None) -> str:
    """Return the page as HTML."""
    body = {"rows": [example_row(schema, predictor)]}
    label = {"request_id": "", "row": 0, "label": [*schema.target.values, 1.5][0]}
    return Template(files(__package__).joinpath("page.html").read_text("utf-8")).substitute(
        title=escape(f"Predictions of {schema.target.name}"),
        description=escape(f"{schema.target.description}."),
        version=escape(predictor.version if predictor else "is being loaded"),
        body=escape(json.dumps(body, indent=2, ensure_ascii=False)),
        labels=escape(json.dumps({"labels": [label]}, indent=2, ensure_ascii=False)),
        columns=table_rows((c.name, c.description, c.rule()) for c in schema.columns),
        errors=table_rows((str(status), text) for status, text in ERRORS.items()),
    )


def example_row(schema: Schema, predictor: Predictor | None) -> dict[str, Any]:
    """Return a real row if the model has example rows, else one that the schema allows."""
    if predictor:
        with suppress(UserError):
            return predictor.examples(1)[0]
    return {column.name: example_value(column) for column in schema.columns}


def example_value(column: Column) -> Any:
    """Return a value that the column allows: null if it is optional."""
    if not column.required:
        return None
    match column:
        case Boolean():
            return False
        case Number():
            return next((bound for bound in (column.min, column.max) if bound is not None), 0.0)
        case Category():
            return column.values[0]
        case Timestamp():
            return "2013-08-01T06:30:00"
        case Date():
            return "2013-08-01"
        case _:
            return "a"


def table_rows(table: Iterable[Iterable[str]]) -> str:
    """Format cells as rows of an HTML table."""
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in line) for line in table)
    return "\n".join(f"<tr>{row}</tr>" for row in rows)
