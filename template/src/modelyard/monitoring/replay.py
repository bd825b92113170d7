"""Replay of the days after training, with predictions and labels recorded as by the REST service.

The report then shows drift and quality on days that the model has never seen.
"""

from datetime import date

import polars as pl

from ..console import UserError
from ..data.tables import to_request_form, to_rows
from ..data.validate import judge
from ..files import write_bytes
from ..project import Project
from ..schema.contract import Schema
from ..serving.predictor import Predictor
from ..serving.records import append, label_line, prediction_lines, read_labels
from .report import MonitorSettings, Watched


def later_days(
    rows: pl.DataFrame, schema: Schema, first: date, until: date
) -> list[tuple[date, pl.DataFrame]]:
    """Split the valid rows from `first` to the day before `until` by day."""
    if not schema.time:
        raise UserError("schema.py has no time column; rows without a day cannot be replayed")
    good = judge(rows, schema, labelled=False).good
    day = pl.col(schema.time).dt.date()
    later = good.filter((day >= first) & (day < until)).with_columns(day.alias(" day"))
    if not later.height:
        raise UserError(f"data/ingest.py has no rows from {first} to {until}; choose a later day")
    parts = later.sort(" day", maintain_order=True).partition_by(" day", as_dict=True)
    return [(key[0], part.drop(" day")) for key, part in parts.items()]


def replay_day(
    day: date, rows: pl.DataFrame, predictor: Predictor, settings: MonitorSettings
) -> None:
    """Record a day's predictions and labels as one request; idempotent."""
    folder, name = settings.rest_record_dir / day.isoformat(), f"replay-{day}"
    schema = predictor.schema
    predictions = predictor.predict(to_rows(rows, schema)).records()
    time, sent = f"{day}T12:00:00.000Z", to_request_form(rows, schema).to_dicts()
    lines = prediction_lines(name, time, predictor.version, sent, predictions)
    write_bytes(folder / "predictions-replay.jsonl", lines)
    known = read_labels(folder)
    labels = {(name, row): label for row, label in enumerate(rows[schema.target.name])}
    new = {key: label for key, label in labels.items() if label is not None and key not in known}
    if new:
        lines = b"".join(label_line(key, time, label) for key, label in new.items())
        append(folder / "labels.jsonl", lines)


def replay(project: Project, until: date, watched: Watched) -> None:
    """Replay all days from the training to `until`, and print how to report on them."""
    schema, settings, (folder, source, _) = project.schema, MonitorSettings.read(), watched
    predictor = Predictor(folder, schema, project.build)
    days = later_days(project.ingest(until), schema, predictor.trained_as_of, until)
    for day, rows in days:
        replay_day(day, rows, predictor, settings)
    count = sum(rows.height for _, rows in days)
    print(f"replay: model {predictor.version} ({source})")
    print(f"replay: {count:,} rows of {len(days)} days -> {settings.rest_record_dir}")
    print(f"replay: to report on these days, run: AS_OF={until} uv run modelyard monitor")
