"""The command `modelyard delivery`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ..errors import exit_on_user_error
from ..options import Folder, console

Day = Annotated[
    datetime | None, typer.Option(metavar="DAY", formats=["%Y-%m-%d"], help="A day in UTC.")
]


def delivery(
    project: Folder = Path("."),
    days: Annotated[
        int, typer.Option(min=1, max=3660, help="Length of the window up to now, or to --until.")
    ] = 90,
    since: Day = None,
    until: Day = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write an HTML page.")
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option("--incidents", metavar="FOLDER", help="Also write a page for each incident."),
    ] = None,
) -> None:
    """Report deployment frequency, lead time, time to restore and change failure rate.

    They are computed from git, the registry's events, the ledger of trainings and the recorded
    verdicts; a figure needs five events. Nothing of the project is changed. Exit codes: 0 reported,
    1 failed, 2 usage error.

    Examples:
        modelyard delivery

        modelyard delivery ../flight-delays --since 2026-01-01 --until 2026-07-01

        modelyard delivery --html delivery.html --incidents reports/incidents
    """
    from .display import print_delivery
    from .incident_pages import write_pages
    from .measure import measure
    from .page import page
    from .read import read_history
    from .record import record

    end = until.replace(tzinfo=UTC) if until else datetime.now(UTC)
    start = since.replace(tzinfo=UTC) if since else end - timedelta(days=days)
    if start >= end:
        raise typer.BadParameter(f"--since {start:%Y-%m-%d} is not before {end:%Y-%m-%d}")
    with exit_on_user_error():
        found = measure(read_history(project, start), start, end)
        name = project.resolve().name
        if html:
            html.write_text(page(name, found), "utf-8")
        if reports:
            write_pages(reports, found.incidents)
    if as_json:
        typer.echo(json.dumps(record(name, found), indent=2))
    else:
        print_delivery(name, found, console)
