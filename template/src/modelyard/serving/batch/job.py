"""A run from its arguments to its manifest."""

import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ...console import UserError
from ...files import read_json, write_json
from ...lock import alone
from ...params import read_params
from ...project import Project
from ..predictor import Predictor
from .chunks import plan
from .engine import Engine, Results
from .limits import Limits
from .manifest import Job, manifest
from .params import Batch
from .parts import (
    MANIFEST,
    REJECTED,
    Note,
    clear,
    collect_faults,
    finished,
    holds,
    keep,
    publish,
    published,
    refuse_foreign,
)
from .recording import record
from .sources import find

HIDDEN = ".batch"
COPIES = "inputs"
LINE_S = 10  # between two lines of progress in a log


def run_batch(wanted: str, output: Path, engine: Engine, project: Project) -> str:
    """Score files into a folder, and say what came of it.

    Args:
        wanted: a file, a folder, a pattern or an address of the input.
        output: the folder; nothing in it changes before all is scored.
        engine: what scores the chunks.
        project: the project's own part.

    Raises:
        UserError: input, model or settings are wrong, another run is at work in the folder, or
            more rows break the schema than `params.yaml` allows.
    """
    limits = Limits.read()
    greatest = read_params().section(Batch).max_rejected_share
    predictor = Predictor(limits.model_dir, project.schema, project.build)
    if "://" in str(output) or output.is_file():
        raise UserError(f"OUTPUT is {output}, allowed is a folder of this machine")
    remedy = f"wait for it, or choose another folder than {output}"
    with alone(output / HIDDEN / "lock", remedy), ExitStack() as at_the_end:
        at_the_end.callback(shutil.rmtree, output / HIDDEN / COPIES, ignore_errors=True)
        job = make_job(wanted, output, predictor, limits)
        return score_job(job, output, engine, project, greatest)


def make_job(wanted: str, output: Path, predictor: Predictor, limits: Limits) -> Job:
    """Find and examine the input.

    Raises:
        UserError: the input is wrong, or lies in the output folder.
    """
    copies = output / HIDDEN / COPIES
    sources = find(wanted, copies / "fetched")
    if any(source.path.parent.resolve() == output.resolve() for source in sources):
        raise UserError(f"{output} holds the input; choose another folder for the output")
    schema = predictor.schema
    inputs = plan(sources, schema, limits.batch_chunk_rows, copies / "tables")
    return Job(inputs, predictor, schema, limits)


def score_job(job: Job, output: Path, engine: Engine, project: Project, greatest: float) -> str:
    """Score what is not scored yet, and publish.

    Raises:
        UserError: too many rows break the schema.
    """
    if job.ignored:
        print(f"batch: ignored columns: {', '.join(job.ignored)}", file=sys.stderr)
    if is_done(job, output):
        return f"{output} holds the result of this very run already; nothing to do"
    hidden = output / HIDDEN
    work = hidden / job.fingerprint
    killed = any(path.is_dir() and path.name != COPIES for path in hidden.iterdir())
    refuse_foreign(output, others=killed)
    clear(hidden, but=(work.name, COPIES))
    work.mkdir(exist_ok=True)
    notes = score_rest(job, work, output, partial(engine, project=project), greatest)
    within_limit(job, notes, work, greatest)
    publish(work, output, notes)
    record(job)
    write_json(output / MANIFEST, manifest(job, notes, output))
    clear(hidden)
    return told(notes, output)


def is_done(job: Job, output: Path) -> bool:
    """Tell whether a folder holds the whole result of a run already."""
    files = published(output)
    if not files or read_json(output / MANIFEST, "").get("job") != job.fingerprint:
        return False
    return all(holds(output / name, digest) for name, digest in files.items())


def score_rest(
    job: Job, work: Path, output: Path, engine: Callable[..., Results], greatest: float
) -> dict[int, Note]:
    """Score the chunks that no run before has finished; stop when too many rows are rejected."""
    found = {chunk.number: finished(work, output, chunk.number) for chunk in job.chunks}
    notes = {number: note for number, note in found.items() if note}
    rejected = count(notes, "rejected")
    rest = [chunk for chunk in job.chunks if chunk.number not in notes]
    results = engine(rest, models=job.limits.model_dir, workers=job.limits.batch_workers)
    with closing(results), progress(job.rows, rejected + count(notes, "scored")) as bar:
        for chunk, scored in results:
            notes[chunk.number] = keep(work, chunk.number, scored)
            bar.update(chunk.rows)
            rejected += scored.rejected
            if rejected > greatest * job.rows:
                break
    return dict(sorted(notes.items()))


def progress(rows: int, done: int) -> tqdm:
    """Show on standard error how far a run is: a bar, in a log a line every ten seconds."""
    bar: dict[str, Any] = {"total": rows, "initial": done, "unit": " rows", "unit_scale": True}
    if not sys.stderr.isatty():
        bar |= {"mininterval": LINE_S, "delay": LINE_S, "bar_format": "{l_bar}{bar:20}{r_bar}\n"}
    return tqdm(**bar)


def count(notes: dict[int, Note], name: str) -> int:
    """Count the rows that are scored or rejected."""
    return sum(getattr(note, name) for note in notes.values())


def within_limit(job: Job, notes: dict[int, Note], work: Path, greatest: float) -> None:
    """Stop when more rows than allowed are broken, and say where the reasons are."""
    rejected, reasons = count(notes, "rejected"), work.parent / REJECTED
    if rejected > greatest * job.rows:
        collect_faults(work, reasons, notes)
        raise UserError(
            f"{rejected:,} of {rejected + count(notes, 'scored'):,} rows seen break the schema, "
            f"allowed are {greatest:.2%} of {job.rows:,} (params.yaml: batch.max_rejected_share); "
            f"nothing is published, the reasons are in {reasons}"
        )


def told(notes: dict[int, Note], output: Path) -> str:
    """Say what a run has done."""
    scored, rejected = count(notes, "scored"), count(notes, "rejected")
    return f"{scored:,} rows scored, {rejected:,} rejected -> {output}"
