"""Commands of the registry: which version serves where, who said so, and how to go back."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from ..choices import read_choices
from ..console import UserError
from ..places import RECORDS
from ..project import named
from ..registry import actions, display, install, state
from ..registry import register as registering
from ..registry.audit import audit as collect
from ..registry.audit import recorded
from ..registry.backend import Backend, open_backend, pushes
from ..registry.events import Refused
from .command import add
from .release_options import By, Into, Now, Push, Stage, Version

REFUSED = 20


def opened(push: bool = False) -> Backend:
    """Open the project's registry."""
    return open_backend(named(), pushes(push))


def register(
    image: Annotated[str | None, typer.Option(help="Digest of an image that holds it.")] = None,
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Make the model of this commit the next version, such as v0.2.0."""
    print(registering.register_commit(named(), by, now, image, pushed=push).tag)


def promote(
    version: Version,
    stage: Stage = "prod",
    into: Into = None,
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Let a version serve a stage from now on."""
    report(actions.promote(opened(push), version, stage, by, now), stage, by, into)


def rollback(
    stage: Stage = "prod", into: Into = None, by: By = "", now: Now = "", push: Push = False
) -> None:
    """Let the version before serve a stage again."""
    report(actions.roll_back(opened(push), stage, by, now), stage, by, into)


def report(done: actions.Done, stage: str, by: str, into: Path | None) -> None:
    """Put the files of what serves now where they are wanted, and say what was done."""
    if into:
        install.put(done.version, done.files, into)
    where = f"; its files are in {into}" if into else ""
    what = f"{done.event}, by {by}" if done.event else "as before"
    told = f"{done.version.name} (model {done.version.manifest['model']['version']})"
    print(f"{stage} is {told} now: {what}{where}")


def quarantine(
    version: Version,
    why: Annotated[str, typer.Option(help="The reason.")],
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Let a version serve nowhere anew."""
    backend = opened(push)
    done = actions.quarantine(backend, version, why, by, now)
    print(f"{done.version.name} is quarantined: {done.event}, by {by}")
    for stage, name in state.in_service(backend.events()).items():
        if name == done.version.name:
            print(f"it still serves {stage}; go back: modelyard rollback --stage {stage}")


def versions(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List all versions, where they serve, and their metrics."""
    backend = opened()
    lines = display.listed(backend.versions(), backend.events())
    print(json.dumps(lines, indent=2) if as_json else display.table(lines))


def show(version: Version) -> None:
    """Print a version's release manifest."""
    print(json.dumps(actions.find(opened(), version).manifest, indent=2))


def card(version: Version) -> None:
    """Print a version's model card."""
    backend = opened()
    found = actions.find(backend, version)
    text = actions.whole(found)["card.md"].decode()
    print(display.card(found, backend.events(), text), end="")


def verify(version: Version) -> None:
    """Compare every hash of a version's manifest with the files."""
    found = actions.find(opened(), version)
    _, wrong = actions.check(found)
    for line in wrong:
        print(f"{found.name}: {line}", file=sys.stderr)
    if wrong:
        sys.exit(1)
    print(f"{found.name}: all is as it was registered")


def audit(
    version: Annotated[str, typer.Argument(help="A version, a stage, or a request's id.")],
    records: Annotated[Path, typer.Option(help="Of the REST service.")] = RECORDS,
) -> None:
    """Print model, data, code, approver and gate report of a version or a recorded request."""
    backend, told = opened(), recorded(records, version)
    found = actions.find(backend, told.get("model_version", version))
    print(json.dumps(collect(found, backend.events(), told), indent=2))


def fetch(
    version: Version,
    folder: Annotated[Path, typer.Argument(help="Where, such as served/prod.")],
) -> None:
    """Put a version's verified files into a folder, for MODEL_DIR."""
    found = actions.find(opened(), version)
    install.put(found, actions.whole(found), folder)
    print(f"{found.name} is in {folder}")


def adopt_mlflow() -> None:
    """Let MLflow's registry take over what only git's tags know."""
    tracker = read_choices().tracker
    if tracker != "mlflow":
        raise UserError(f"tracker is {tracker}, git's tags keep the registry; mlflow takes it over")
    from ..registry.mlflow import adopt

    adopt(named())


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command end with exit code 20 if a rule of the registry forbids it."""

    @wraps(command)
    def obey(**given: Any) -> None:
        try:
            command(**given)
        except Refused as rule:
            print(f"refused: {rule}", file=sys.stderr)
            sys.exit(REFUSED)

    return obey


EXAMPLES: dict[Callable[..., None], str] = {
    register: "register",
    promote: "promote v0.2.0 --stage prod",
    rollback: "rollback --stage prod",
    quarantine: "quarantine v0.2.0 --why 'trained on damaged rows'",
    versions: "versions",
    show: "show v0.2.0",
    card: "card prod",
    verify: "verify v0.2.0",
    audit: "audit prod",
    fetch: "fetch prod served/prod",
    adopt_mlflow: "adopt-mlflow",
}


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command, example in EXAMPLES.items():
        add(app, "Release", refusing(command), example)
