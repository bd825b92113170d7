"""Commands that monitor recorded predictions."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ..choices import read_choices_beside
from ..project import find
from ..settings import Settings
from .command import command, to_day

app = typer.Typer()


def serving_model(project: str) -> tuple[Path, str, date | None]:
    """Return the model to monitor; below level 2 there is no registry that knows what serves."""
    choices = read_choices_beside(Path("params.yaml"))
    if choices and choices.level > 1:
        from ..registry import install

        return install.serving_model(project)
    folder = Settings.read().model_dir
    return folder, f"in {folder}", None


@command(app, "Watch", "monitor", check="monitor")
def monitor() -> None:
    """Monitor drift, quality and age of the serving model, and write a report.

    From level 2 on this is the version that serves prod, unless MODEL_DIR is set.

    Exit codes: 0 nothing is due, or nothing is known yet; 10 retraining is due; 20 an incident;
    1 an error, no report.
    """
    from ..monitoring import report

    project = find()
    report.main(project.schema, serving_model(project.package))


@command(app, "Watch", "replay --until 2013-12-01")
def replay(
    until: Annotated[
        date,
        typer.Option(metavar="DAY", parser=to_day, help="Replay the days before this one."),
    ],
) -> None:
    """Simulate the days after training: predict real rows, and record them with their labels."""
    from ..monitoring.replay import replay as record

    project = find()
    record(project, until, serving_model(project.package))


@command(app, "Watch", "sync-records reports/requests s3://bucket/records")
def sync_records(
    folder: Annotated[Path, typer.Argument(help="Folder of the records, for example /records.")],
    url: Annotated[str, typer.Argument(help="For example s3://bucket/records.")],
) -> None:
    """Copy new records to object storage, for a monitor with RECORD_URL; resumes, copies once."""
    from ..monitoring.sources import upload

    print(f"sync-records: {upload(folder, url):,} bytes -> {url}")
