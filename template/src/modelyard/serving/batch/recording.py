"""Record a sample of a run, rows with predictions, for monitoring, as the REST service does."""

from datetime import UTC, datetime

from ...data.tables import to_request_form, to_rows
from ...data.validate import judge
from ...files import write_bytes
from ..records import prediction_lines
from .chunks import Chunk, read_chunk
from .manifest import Job


def record(job: Job) -> None:
    """Record about `BATCH_RECORD_ROWS` rows of a run, evenly spaced, in the folder of the day."""
    limits = job.limits
    if not limits.batch_record_rows:
        return
    day = (limits.as_of or datetime.now(UTC).date()).isoformat()
    every = -(-job.rows // limits.batch_record_rows)
    lines = b"".join(sample(chunk, job, every, f"{day}T12:00:00.000Z") for chunk in job.chunks)
    file = f"predictions-batch-{job.fingerprint}.jsonl"
    write_bytes(limits.batch_record_dir / day / file, lines)


def sample(chunk: Chunk, job: Job, every: int, time: str) -> bytes:
    """Predict every nth row of a chunk; return the records of the valid ones."""
    schema, predictor = job.schema, job.predictor
    table = read_chunk(chunk, schema.names).gather_every(every)
    good = judge(table, schema, parse_texts=chunk.source.is_csv, labelled=False).good
    if good.is_empty():
        return b""
    predictions = predictor.predict(to_rows(good, schema)).records()
    rows, name = to_request_form(good, schema).to_dicts(), f"batch-{job.fingerprint}-{chunk.number}"
    return prediction_lines(name, time, predictor.version, rows, predictions)
