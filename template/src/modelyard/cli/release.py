"""Commands of the model registry: register, promote, roll back, quarantine, inspect, audit."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..choices import read_choices
from ..console import UserError
from ..places import RECORDS
from ..project import find_package
from ..registry import actions, deployed, display, install, state
from ..registry import register as registering
from ..registry.backend import PROD, Backend, open_backend, push_enabled
from .command import command
from .release_options import By, Into, Now, Push, Stage, Version

NOT_DELIVERED, DELIVERS = 10, 3  # exit code; level that delivers
app = typer.Typer()


def open_registry(push: bool = False) -> Backend:
    """Open the project's registry."""
    return open_backend(find_package(), push_enabled(push))


@command(app, "Release", "register")
def register(
    image: Annotated[str | None, typer.Option(help="Digest of an image that contains it.")] = None,
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Register the model of the current commit as the next version, such as v0.2.0."""
    print(registering.register_commit(find_package(), by, now, image, pushed=push).tag)


@command(app, "Release", "promote v0.2.0 --stage prod")
def promote(
    version: Version,
    stage: Stage = "prod",
    into: Into = None,
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Make a version the serving model of a stage."""
    report(actions.promote(open_registry(push), version, stage, by, now), stage, by, into, push)


@command(app, "Release", "rollback --stage prod")
def rollback(
    stage: Stage = "prod", into: Into = None, by: By = "", now: Now = "", push: Push = False
) -> None:
    """Return a stage to the version that served it before."""
    report(actions.roll_back(open_registry(push), stage, by, now), stage, by, into, push)


def report(result: actions.Result, stage: str, by: str, into: Path | None, push: bool) -> None:
    """Install the version's files if a folder is given, deploy its images, print the result."""
    if into:
        install.install_files(result.version, result.files, into)
    where = f"; its files are in {into}" if into else ""
    event = f"{result.event}, by {by}" if result.event else "unchanged"
    version = f"{result.version.name} (model {result.version.manifest['model']['version']})"
    try:
        if result.images or (stage == PROD and read_choices().level >= DELIVERS):
            print(deployed.update(result.version.name, result.images, push_enabled(push)))
    finally:  # the registry has the event, even if the commit is rejected
        print(f"{stage} is {version} now: {event}{where}")


@command(app, "Release", "quarantine v0.2.0 --why 'trained on damaged rows'")
def quarantine(
    version: Version,
    why: Annotated[str, typer.Option(help="Reason, kept with the event.")],
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Exclude a version from promotion and as a target of a rollback."""
    backend = open_registry(push)
    result = actions.quarantine(backend, version, why, by, now)
    print(f"{result.version.name} is quarantined: {result.event}, by {by}")
    for stage, name in state.serving_versions(backend.events()).items():
        if name == result.version.name:
            print(f"it still serves {stage}; go back: modelyard rollback --stage {stage}")


@command(app, "Release", "versions")
def versions(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    service: Annotated[str, typer.Option(metavar="URL", help="Also ask this REST service.")] = "",
) -> None:
    """List all versions with stages, lineage and metrics; which one prod is, in each place."""
    backend = open_registry()
    found, events = backend.versions(), backend.events()
    places = deployed.places(found, events, service)
    rows = display.version_rows(found, events, places)
    shown = places if service or places["delivered"] or read_choices().level >= DELIVERS else {}
    print(json.dumps(rows, indent=2) if as_json else display.table(rows, shown))


@command(app, "Release", "show v0.2.0")
def show(version: Version) -> None:
    """Print a version's release manifest."""
    print(json.dumps(actions.find(open_registry(), version).manifest, indent=2))


@command(app, "Release", "card prod")
def card(version: Version) -> None:
    """Print a version's model card."""
    backend = open_registry()
    found = actions.find(backend, version)
    text = actions.verified_files(found)["card.md"].decode()
    print(display.card(found, backend.events(), text), end="")


@command(app, "Release", "verify v0.2.0")
def verify(version: Version) -> None:
    """Compare the hashes of a version's manifest with its files."""
    found = actions.find(open_registry(), version)
    _, differences = actions.compare_with_manifest(found)
    for line in differences:
        print(f"{found.name}: {line}", file=sys.stderr)
    if differences:
        sys.exit(1)
    print(f"{found.name}: all files match the manifest")


@command(app, "Release", "audit prod")
def audit(
    version: Annotated[str, typer.Argument(help="A version, a stage or a request id.")],
    records: Annotated[Path, typer.Option(help="Folder of recorded requests.")] = RECORDS,
) -> None:
    """Print model, data, code, approver and gate report of a version or a recorded request."""
    backend, prediction = open_registry(), display.find_prediction(records, version)
    found = actions.find(backend, prediction.get("model_version", version))
    print(json.dumps(display.audit(found, backend.events(), prediction), indent=2))


@command(app, "Release", "fetch prod served/prod")
def fetch(
    version: Version,
    folder: Annotated[Path, typer.Argument(help="For example served/prod.")],
) -> None:
    """Install a version's verified files into a folder, for MODEL_DIR."""
    found = actions.find(open_registry(), version)
    install.install_files(found, actions.verified_files(found), folder)
    print(f"{found.name} is in {folder}")


@command(app, "Release", "deliver 'model#prod#1'")
def deliver(
    event: Annotated[str, typer.Argument(help="A promotion that serves prod: model#prod#3.")],
    images: Annotated[
        list[str] | None,
        typer.Argument(metavar="TARGET=IMAGE...", help="With digests; by default the last ones."),
    ] = None,
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Verify the version that serves prod, record its images, and write them to deployment/prod.

    Exit codes: 0 done; 10 no images are given or recorded; 20 a rule forbids it; 1 an error.
    """
    backend = open_registry(push)
    found = actions.find_deliverable(backend, event)
    given = dict(one.partition("=")[::2] for one in images or ())
    deployed.contents(found.name, given)  # raises if one is not allowed
    recorded = actions.deliver(backend, found, given, by, now)
    print(deployed.update(found.name, recorded, push_enabled(push)))
    sys.exit(0 if recorded else NOT_DELIVERED)


@command(app, "Release", "adopt-mlflow")
def adopt_mlflow() -> None:
    """Copy versions and events that only git's tags hold into MLflow's registry."""
    tracker = read_choices().tracker
    if tracker != "mlflow":
        raise UserError(f"adopt-mlflow requires the tracker mlflow, this project has {tracker}")
    from ..registry.mlflow import adopt

    adopt(find_package())
