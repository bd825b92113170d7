"""A fleet as one HTML page that needs nothing else: filters, sorting, details by row."""

import json
from importlib.resources import files
from typing import Any

from .project_row import Row


def page(rows: list[Row], day: str) -> str:
    """Return the page.

    Args:
        rows: the projects.
        day: on which they were looked at.
    """
    told: dict[str, Any] = {"day": day, "rows": [row.record() for row in rows]}
    # A text that ends the script element would end the page's program.
    data = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    template = (files(__package__) / "page.html").read_text("utf-8")
    return template.replace("{DATA}", data)
