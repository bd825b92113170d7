"""The command `modelyard readiness`."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..errors import UserError, exit_on_user_error
from ..options import Folder

LOW = 20


def readiness(
    project: Folder = Path("."),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a self-contained page.")
    ] = None,
    badge: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a badge, an SVG.")
    ] = None,
    evidence: Annotated[
        list[Path] | None,
        typer.Option(metavar="FOLDER", help="Also read ledgers here, such as CI's artifacts."),
    ] = None,
    least: Annotated[
        float | None, typer.Option(min=0, max=7, help="Exit with 20 if the score is lower.")
    ] = None,
    verify_badge: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Exit with 20 if this badge differs.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(help="The score at this time (UTC), by default now.")
    ] = None,
) -> None:
    """Compute the ML Test Score of a project from what ran: the ledger in reports/evidence.

    Nothing is run. Exit codes: 0 computed, 20 below --least, or the badge differs, 1 an error,
    2 usage error.

    Examples:
        modelyard readiness

        modelyard readiness --html reports/readiness.html --badge docs/readiness.svg

        modelyard readiness --json --least 3
    """
    from . import badge as badges
    from .display import print_score
    from .ledger import read_ledger
    from .page import page
    from .project_now import read_project_now
    from .score import compute_score

    at = as_of.replace(tzinfo=UTC) if as_of else datetime.now(UTC)
    with exit_on_user_error():
        score = compute_score(read_project_now(project), read_ledger(project, evidence or []), at)
        write(html, page(score) if html else "")
        write(badge, badges.badge(score))
        shown = read(verify_badge)
    if as_json:
        typer.echo(json.dumps(score.record(), indent=2, ensure_ascii=False))
    else:
        width = None if sys.stdout.isatty() else 160
        print_score(score, Console(highlight=False, width=width))
    wrong = shown is not None and shown != badges.badge(score)
    if wrong:
        typer.echo(f"{verify_badge} is not the badge of this score", err=True)
    if wrong or (least is not None and score.final < least):
        raise typer.Exit(LOW)


def write(path: Path | None, text: str) -> None:
    """Write a file, if one is wanted."""
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def read(path: Path | None) -> str | None:
    """Read a file, if one is named.

    Raises:
        UserError: it does not exist.
    """
    if path and not path.is_file():
        raise UserError(f"{path} does not exist; write it with --badge {path}")
    return path.read_text("utf-8") if path else None
