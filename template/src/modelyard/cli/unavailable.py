"""Error messages for commands that are unavailable, with the remedy."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

ANSWERS = Path(".copier-answers.yml")
LIFECYCLE_COMMANDS = {
    "new": "Create a project, commit it and train it.",
    "check": "Preview an update: changed files, conflicts.",
    "update": "Update a project on a branch, without losing an edit.",
    "adopt": "Bring an existing repository under the template.",
    "comply": "Check a project against an organisation's policy.",
    "fleet": "Report on many projects, and update them.",
}


def make_group(unavailable: Mapping[str, str]) -> type[TyperGroup]:
    """Return a group that exits with the error of an unavailable command if it is called."""

    class Group(TyperGroup):
        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            if reason := unavailable.get(args[0]):
                sys.exit(f"error: {reason}")
            return super().resolve_command(ctx, args)

    return Group


def add_lifecycle_stubs(app: typer.Typer) -> dict[str, str]:
    """List the commands of `modelyard[lifecycle]` in the help; return an error message for each."""
    for name, about in LIFECYCLE_COMMANDS.items():
        app.command(name, help=about, rich_help_panel="Template")(lambda: None)
    source = f"'{template_source()}[lifecycle]'"
    remedy = f"run it outside of the project: uvx --from {source} modelyard"
    return {name: f"{remedy} {name}" for name in LIFECYCLE_COMMANDS}


def template_source() -> str:
    """Return the source of the project's template as a requirement for uvx."""
    found = ANSWERS.read_text("utf-8") if ANSWERS.is_file() else ""
    source = next((line[11:] for line in found.splitlines() if line.startswith("_src_path: ")), "")
    return f"git+{source}" if "://" in source else source or "git+URL"
