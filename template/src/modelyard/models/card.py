"""The model card: what a reader must know of the accepted model, made anew by each run."""

from typing import Any

from ..console import markdown_table
from ..schema.contract import Schema

Line = tuple[object, ...]


def card(about: dict[str, Any], test: dict[str, Any], checks: str, schema: Schema) -> str:
    """Write the card as Markdown.

    Args:
        about: what `models/model.json` says.
        test: `candidate` and `baseline`, each with `overall` and `slices`, on the test rows.
        checks: the gate's checks, as a table.
        schema: the columns and the target.
    """
    parts = [
        f"# Model {about['version']}",
        f"Predicts `{schema.target.name}` ({schema.target.description}). Trained on "
        f"{about['training_rows']:,} rows from before {about['trained_as_of']}; use and limits "
        "stand in [README.md](README.md).",
        "## On the test rows",
        markdown_table(("metric", "model", "baseline"), overall(test)),
        "## Slice by slice",
        markdown_table(("slice", "group", "rows", "metrics"), slices(test["candidate"]["slices"])),
        "## The gate",
        checks,
        "## What it reads",
        markdown_table(("column", "what it is", "allowed"), columns(schema)),
    ]
    return "\n\n".join(parts) + "\n"


def overall(test: dict[str, Any]) -> list[Line]:
    """Set each metric of the model beside that of the baseline."""
    baseline = test["baseline"]["overall"]
    return [
        (name, f"{value:.4f}", f"{baseline[name]:.4f}")
        for name, value in test["candidate"]["overall"].items()
    ]


def slices(measured: dict[str, Any]) -> list[Line]:
    """Give each group's size and metrics; a group too small for them says so."""
    lines: list[Line] = []
    for name, groups in measured.items():
        for group, values in groups.items():
            figures = [f"{k} {v:.3f}" for k, v in values.items() if k != "rows"]
            lines.append((name, group, values["rows"], ", ".join(figures) or "insufficient data"))
    return lines


def columns(schema: Schema) -> list[Line]:
    """Give each column of a row."""
    return [(c.name, c.description, c.rule()) for c in schema.columns]
