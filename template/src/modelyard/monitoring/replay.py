"""Let the days after the model's own pass: real rows are predicted and recorded, with their labels.

What it records is what the REST service would have: the report then tells drift and quality of
days that the model has never seen.
"""

from datetime import date

import polars as pl

from ..console import UserError
from ..data.tables import as_sent, to_rows
from ..data.validate import judge
from ..files import write_bytes
from ..project import Project
from ..schema.contract import Schema
from ..serving.predictor import Predictor
from ..serving.records import append, label_line, prediction_lines, read_labels
from .report import Watch


def later_days(
    rows: pl.DataFrame, schema: Schema, first: date, until: date
) -> list[tuple[date, pl.DataFrame]]:
    """Part rows that keep the schema by day, from `first` to the day before `until`.

    Raises:
        UserError: the schema names no time, or there is no such row.
    """
    if not schema.time:
        raise UserError("schema.py names no time: rows without days cannot be replayed")
    good = judge(rows, schema, labelled=False).good
    day = pl.col(schema.time).dt.date()
    later = good.filter((day >= first) & (day < until)).with_columns(day.alias(" day"))
    if not later.height:
        raise UserError(f"data/ingest.py has no row from {first} to before {until}; try later days")
    parts = later.sort(" day", maintain_order=True).partition_by(" day", as_dict=True)
    return [(key[0], part.drop(" day")) for key, part in parts.items()]


def replay_day(day: date, rows: pl.DataFrame, predictor: Predictor, watch: Watch) -> None:
    """Record a day's predictions and labels as one request; doing so again changes nothing."""
    folder, name = watch.rest_record_dir / day.isoformat(), f"replay-{day}"
    schema = predictor.schema
    said = predictor.predict(to_rows(rows, schema)).records()
    time, sent = f"{day}T12:00:00.000Z", as_sent(rows, schema).to_dicts()
    lines = prediction_lines(name, time, predictor.version, sent, said)
    write_bytes(folder / "predictions-replay.jsonl", lines)
    known = read_labels(folder)
    labels = {(name, row): label for row, label in enumerate(rows[schema.target.name])}
    new = {key: label for key, label in labels.items() if label is not None and key not in known}
    if new:
        lines = b"".join(label_line(key, time, label) for key, label in new.items())
        append(folder / "labels.jsonl", lines)


def replay(project: Project, until: date) -> None:
    """Record day after day, and say how to see it.

    Args:
        project: the project's own part.
        until: the day it shall be: rows from before it are replayed.

    Raises:
        UserError: the schema names no time, or there is no such row.
    """
    schema, watch = project.schema, Watch.read()
    predictor = Predictor(watch.model_dir, schema, project.build)
    days = later_days(project.ingest(until), schema, predictor.trained_as_of, until)
    for day, rows in days:
        replay_day(day, rows, predictor, watch)
    count = sum(rows.height for _, rows in days)
    print(f"replay: {count:,} rows of {len(days)} days -> {watch.rest_record_dir}")
    print(f"replay: now run the report with AS_OF={until}")
