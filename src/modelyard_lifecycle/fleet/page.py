"""Render a fleet report as a self-contained HTML page with filters and sorting."""

import json
from importlib.resources import files
from typing import Any

from .project_row import Row


def page(rows: list[Row], day: str) -> str:
    """Return the page as HTML.

    Args:
        rows: the projects.
        day: the date of the report.
    """
    report: dict[str, Any] = {"day": day, "rows": [row.record() for row in rows]}
    # A text with </script> would end the script element.
    data = json.dumps(report, ensure_ascii=False).replace("<", "\\u003c")
    template = (files(__package__) / "page.html").read_text("utf-8")
    return template.replace("{DATA}", data)
