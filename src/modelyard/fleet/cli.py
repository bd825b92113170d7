"""The commands for a fleet."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from ..faults import faults_told

fleet = typer.Typer(no_args_is_help=True, help="Look after many projects at once.")


@fleet.callback()
def _alone() -> None:
    """Look after many projects at once."""


@fleet.command()
def report(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Repositories, folders of them, globs, or files with an address on each line."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with filters, too.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tell the rules of a policy, too.")
    ] = None,
) -> None:
    """Tell of each repository: its version, what was edited, what an update would meet.

    Nothing is changed in them. A broken repository is a row with its reason. Exit codes: 0 the
    report was made, 1 it was not, 2 wrong use.

    Examples:
        modelyard fleet report ~/projects

        modelyard fleet report addresses.txt --html fleet.html

        modelyard fleet report 'teams/*/ml-*' --json
    """
    from ..policy.policy import read_policy
    from .page import page
    from .report import report as reported
    from .shown import tell
    from .sources import sources as found

    with faults_told():
        asked = read_policy(policy) if policy else None
        listed = found(sources)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("rendering and comparing")
            rows = reported(
                listed, lambda done, steps: bar.update(task, completed=done, total=steps), asked
            )
        if html:
            html.write_text(page(rows, datetime.now(UTC).date().isoformat()), "utf-8")
    if as_json:
        typer.echo(json.dumps([row.record() for row in rows], indent=2))
        return
    width = None if sys.stdout.isatty() else 200
    tell(rows, Console(highlight=False, width=width))
