"""Commands that are not here: what brings them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from ..choices import Choices
from ..console import UserError, run
from .parts import Part

UPDATE = "uvx copier update --defaults --vcs-ref=:current: --data"
ANSWERS = Path(".copier-answers.yml")
TEMPLATE = {
    "new": "Make a project, commit it and train it.",
    "check": "Say what an update would change, and what it would touch.",
    "update": "Update a project on a branch, without losing an edit.",
    "adopt": "Bring an existing repository under the template.",
    "comply": "Hold a project against an organisation's policy.",
    "fleet": "Report and update many projects.",
}
ANY_WORDS = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


def why(name: str, part: Part, choices: Choices | None) -> str:
    """Say why a command of a part is not here, and how it comes.

    Args:
        name: the command.
        part: to which it belongs.
        choices: what the project has chosen; None outside of one.
    """
    if choices is None:
        return f"modelyard {name} works in a project: cd PROJECT, then uv run modelyard {name}"
    if choices.level < part.level:
        found = f"comes with automation level {part.level}, this project has level {choices.level}"
        return f"modelyard {name} {found}; raise it: {UPDATE} automation_level={part.level}"
    wanted, had = part.targets[0], ", ".join(choices.targets)
    found = f"comes with the target {wanted}, this project has {had}"
    return f"modelyard {name} {found}; add it: {UPDATE} 'serving_targets=[{had}, {wanted}]'"


def add_absent(app: typer.Typer, part: Part, choices: Choices | None) -> None:
    """Let a part's commands say why they are not here."""
    for name in part.commands:
        add(app, name, why(name, part, choices))


def add_template(app: typer.Typer) -> None:
    """Let the commands that look after projects say how they are run."""
    source = f"'{address()}[lifecycle]'"
    for name, about in TEMPLATE.items():
        text = f"run it outside of the project: uvx --from {source} modelyard {name}"
        listed = app.command(
            name, help=about, rich_help_panel="Template", context_settings=ANY_WORDS
        )
        listed(refusing(text))


def address() -> str:
    """Say where the template of the project in the working folder comes from, for uvx."""
    found = ANSWERS.read_text("utf-8") if ANSWERS.is_file() else ""
    source = next((line[11:] for line in found.splitlines() if line.startswith("_src_path: ")), "")
    return f"git+{source}" if "://" in source else source or "git+URL"


def add(app: typer.Typer, name: str, text: str) -> None:
    """Add a hidden command that takes any words and ends with an error."""
    app.command(name, hidden=True, context_settings=ANY_WORDS)(refusing(text))


def refusing(text: str) -> Callable[[typer.Context], None]:
    """Make a command that ends with an error."""

    def refuse(context: typer.Context) -> None:
        def end() -> Any:
            raise UserError(text)

        run(end)

    return refuse
