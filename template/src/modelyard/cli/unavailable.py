"""Commands that are not here: what brings them, or how they are run."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

ANSWERS = Path(".copier-answers.yml")
TEMPLATE = {
    "new": "Make a project, commit it and train it.",
    "check": "Say what an update would change, and what it would touch.",
    "update": "Update a project on a branch, without losing an edit.",
    "adopt": "Bring an existing repository under the template.",
    "comply": "Hold a project against an organisation's policy.",
    "fleet": "Report and update many projects.",
}


def group(absent: Mapping[str, str]) -> type[TyperGroup]:
    """Make a group of commands that ends with an error for a command that is absent.

    Args:
        absent: name of a command to why it is not here; it may be listed all the same.
    """

    class Group(TyperGroup):
        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            if reason := absent.get(args[0]):
                sys.exit(f"error: {reason}")
            return super().resolve_command(ctx, args)

    return Group


def list_template(app: typer.Typer) -> dict[str, str]:
    """List the commands that look after projects; say of each how it is run."""
    for name, about in TEMPLATE.items():
        app.command(name, help=about, rich_help_panel="Template")(lambda: None)
    source = f"'{address()}[lifecycle]'"
    remedy = f"run it outside of the project: uvx --from {source} modelyard"
    return {name: f"{remedy} {name}" for name in TEMPLATE}


def address() -> str:
    """Say where the template of the project in the working folder comes from, for uvx."""
    found = ANSWERS.read_text("utf-8") if ANSWERS.is_file() else ""
    source = next((line[11:] for line in found.splitlines() if line.startswith("_src_path: ")), "")
    return f"git+{source}" if "://" in source else source or "git+URL"
