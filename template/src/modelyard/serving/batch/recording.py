"""Record a sample of a run, rows with predictions, for monitoring, as the REST service does."""

import numpy as np

from ...data.tables import to_request_form, to_rows
from ...data.validate import judge
from ...files import write_bytes
from ..records import prediction_lines
from .chunks import Chunk, read_chunk
from .manifest import Job


def record(job: Job) -> None:
    """Record up to `BATCH_RECORD_ROWS` rows of a run in the folder of the day.

    The run is cut into as many equal parts, and of each one row is drawn: evenly spaced ones would
    all be alike if rows repeat a pattern, such as the hours of a day.
    """
    limits = job.limits
    if not limits.batch_record_rows:
        return
    day = limits.today.isoformat()
    cuts = np.linspace(0, job.rows, min(job.rows, limits.batch_record_rows) + 1).astype(int)
    draw = np.random.default_rng(int(job.fingerprint, 16)).random(len(cuts) - 1)
    rows = cuts[:-1] + (draw * np.diff(cuts)).astype(int)
    ends = np.cumsum([chunk.rows for chunk in job.chunks])
    parts = np.split(rows, np.searchsorted(rows, ends[:-1]))
    time, starts = f"{day}T12:00:00.000Z", ends - [chunk.rows for chunk in job.chunks]
    own = zip(job.chunks, parts, starts, strict=True)
    lines = b"".join(sample(chunk, job, part - start, time) for chunk, part, start in own)
    file = f"predictions-batch-{job.fingerprint}.jsonl"
    write_bytes(limits.batch_record_dir / day / file, lines)


def sample(chunk: Chunk, job: Job, rows: np.ndarray, time: str) -> bytes:
    """Predict some rows of a chunk; return the records of the valid ones."""
    schema, predictor = job.schema, job.predictor
    table = read_chunk(chunk, schema.names)[rows]
    good = judge(table, schema, parse_texts=chunk.source.is_csv, labelled=False).good
    if good.is_empty():
        return b""
    predictions = predictor.predict(to_rows(good, schema)).records()
    sent, name = to_request_form(good, schema).to_dicts(), f"batch-{job.fingerprint}-{chunk.number}"
    return prediction_lines(name, time, predictor.version, sent, predictions)
