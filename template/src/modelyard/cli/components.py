"""Automation level and serving targets that each command requires, and errors without them."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from shlex import join
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from ..choices import Choices
from .pipeline import STAGES

ANSWERS = Path(".copier-answers.yml")
LIFECYCLE_COMMANDS = {
    "draft": "Write schema, ingest, features, examples and parameters for a table.",
    "doctor": "Check your own files together, in seconds, before a training.",
    "readiness": "Compute the ML Test Score from what ran.",
    "delivery": "Compute the four delivery metrics from what happened.",
    "new": "Create a project, commit it and train it.",
    "check": "Preview an update: changed files, conflicts.",
    "update": "Update a project on a branch, without losing an edit.",
    "adopt": "Bring an existing repository under the template.",
    "comply": "Check a project against an organisation's policy.",
    "fleet": "Report on many projects, and update them.",
}
# In a project, uvx runs these at the version that it was made from.
HANDED_OVER = ("draft", "doctor", "readiness", "delivery")
SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}  # as Copier expands them
DESCRIBED = re.compile(r".*-\d+-g(?=[0-9a-f]+$)")  # `git describe`: a tag, then a later commit
UPDATE = "uvx copier update --defaults --vcs-ref=:current: --data"


class Component(NamedTuple):
    """Commands of a module's `app`; they require a level, and one of the targets, if any."""

    module: str
    commands: tuple[str, ...]
    level: int = 1
    targets: tuple[str, ...] = ()

    def unavailable_reason(self, choices: Choices | None) -> str:
        """Return why the commands are unavailable, with the remedy; empty if they are available."""
        if choices is None:
            return "runs inside a project: cd PROJECT, then uv run modelyard {}"
        if choices.include(self.level, self.targets):
            return ""
        if choices.level < self.level:
            found = f"automation level {self.level}, this project has level {choices.level}"
            return f"requires {found}; raise it: {UPDATE} automation_level={self.level}"
        missing, present = self.targets[0], ", ".join(choices.targets)
        found = f"the target {missing}, this project has {present}"
        return f"requires {found}; add it: {UPDATE} 'serving_targets=[{present}, {missing}]'"


REGISTRY = ("register", "promote", "rollback", "quarantine", "versions", "show", "card")

COMPONENTS = (
    Component("pipeline", (*STAGES, "example")),
    Component("rest", ("serve",), targets=("rest",)),
    Component("batch", ("score",), targets=("batch",)),
    Component("edge", ("bundle",), targets=("edge",)),
    Component("watch", ("monitor", "replay", "sync-records"), targets=("rest", "batch")),
    Component("release", (*REGISTRY, "verify", "audit", "fetch", "deliver", "adopt-mlflow"), 2),
    Component("retrain", ("retrain", "trigger"), 2),
    Component("canary", ("canary", "approve", "drill"), 3),
)


def make_group(unavailable: Mapping[str, str]) -> type[TyperGroup]:
    """Return a group that exits with the error of an unavailable command if it is called."""

    class Group(TyperGroup):
        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            if reason := unavailable.get(args[0]):
                if args[0] in HANDED_OVER and ANSWERS.is_file() and shutil.which("uvx"):
                    sys.exit(run_by_uvx(args))
                sys.exit(f"error: {reason}")
            return super().resolve_command(ctx, args)

    return Group


def add_lifecycle_stubs(app: typer.Typer) -> dict[str, str]:
    """List the commands of `modelyard[lifecycle]` in the help; return an error message for each."""
    for name, about in LIFECYCLE_COMMANDS.items():
        panel = "Start" if name in HANDED_OVER else "Template"
        app.command(name, help=about, rich_help_panel=panel)(lambda: None)
    remedy = f"run it outside of the project: uvx --from '{template_source()}' modelyard"
    return {name: f"{remedy} {name}" for name in LIFECYCLE_COMMANDS}


def run_by_uvx(words: list[str]) -> int:
    """Run a command of the template's version that the project was made from, outside of it."""
    command = ["uvx", "--from", template_source(recorded=True), "modelyard"]
    print(f"> {join([*command, *words])}", file=sys.stderr, flush=True)
    code = subprocess.call([*command, *words])
    if code and subprocess.run([*command, "--version"], capture_output=True).returncode:
        remedy = f"uvx copier update, or uvx --from '{template_source()}' modelyard {words[0]} …"
        sys.exit(f"error: the project's version of its template is not to be had; run: {remedy}")
    return code


def template_source(*, recorded: bool = False) -> str:
    """Return the project's template as uvx needs it, at the recorded version or at the newest."""
    text = ANSWERS.read_text("utf-8") if ANSWERS.is_file() else ""
    found = dict(re.findall(r"(?m)^(_src_path|_commit): ['\"]?(.*?)['\"]?$", text))
    source, version = found.get("_src_path", "URL"), found.get("_commit", "") if recorded else ""
    folder = Path(source).is_dir()
    source = Path(source).resolve().as_uri() if folder else source.removeprefix("git+")
    source = SHORT.get(source[:3], source[:3]) + source[3:]
    source = re.sub(r"^([\w.-]+@[\w.-]+):", r"ssh://\1/", source)
    at = version and "@" + DESCRIBED.sub("", version)
    return f"modelyard[lifecycle] @ {'' if folder and not at else 'git+'}{source}{at}"
