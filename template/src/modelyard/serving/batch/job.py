"""Run a batch job: find the input, score it, publish the result."""

import shutil
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import polars as pl
from tqdm import tqdm

from ...console import UserError
from ...files import read_json, write_json
from ...lock import exclusive_lock
from ...params import read_params
from ...params_operation import Batch
from ...project import Project
from ..predictor import Predictor
from .chunks import plan
from .engine import Engine
from .manifest import Job, Limits, make_manifest
from .parts import (
    MANIFEST,
    REJECTED,
    Part,
    check_foreign_parts,
    check_links,
    collect_violations,
    delete_folders,
    find_finished,
    matches,
    publish,
    published,
    write_part,
)
from .recording import record
from .sources import find_sources

HIDDEN = ".batch"
COPIES = "inputs"
EVERY_S = 10  # between two lines of progress in a log


def run_batch(source: str, output: Path, engine: Engine, project: Project) -> str:
    """Score files into a folder, which does not change before all are scored; return a summary."""
    limits = Limits.read()
    max_share = read_params().section(Batch).max_rejected_share
    predictor = Predictor(limits.model_dir, project.schema, project.build)
    if "://" in str(output) or output.is_file():
        raise UserError(f"OUTPUT is {output}, allowed is a local folder")
    check_links(output, output / HIDDEN)
    remedy = f"wait for it, or choose another folder than {output}"
    with exclusive_lock(output / HIDDEN / "lock", remedy), ExitStack() as at_the_end:
        at_the_end.callback(shutil.rmtree, output / HIDDEN / COPIES, ignore_errors=True)
        job = make_job(source, output, predictor, project, limits)
        return score_job(job, output, engine, max_share)


def make_job(
    source: str, output: Path, predictor: Predictor, project: Project, limits: Limits
) -> Job:
    """Find and check the input."""
    copies = output / HIDDEN / COPIES
    sources = find_sources(source, copies / "fetched")
    if any(file.path.parent.resolve() == output.resolve() for file in sources):
        raise UserError(f"{output} contains the input; choose another output folder")
    inputs = plan(sources, project.schema, limits.batch_chunk_rows, copies / "tables")
    return Job(inputs, predictor, project, limits)


def score_job(job: Job, output: Path, engine: Engine, max_share: float) -> str:
    """Score the remaining chunks and publish the result."""
    if job.ignored:
        print(f"batch: ignored columns: {', '.join(job.ignored)}", file=sys.stderr)
    if empty := [one.source.name for one in job.inputs if not one.rows]:
        print(f"batch: skipped files without rows: {', '.join(empty)}", file=sys.stderr)
    if is_done(job, output):
        return f"{output} already holds the result of this run; nothing to do"
    hidden = output / HIDDEN
    work = hidden / job.fingerprint
    killed = any(path.is_dir() and path.name != COPIES for path in hidden.iterdir())
    check_foreign_parts(output, resuming=killed)
    delete_folders(hidden, keep=(work.name, COPIES))
    work.mkdir(exist_ok=True)
    parts = score_remaining(job, work, output, engine, max_share)
    check_rejected_share(job, parts, work, max_share)
    publish(work, output, parts)
    record(job)
    write_json(output / MANIFEST, make_manifest(job, parts, output))
    delete_folders(hidden)
    return summary(parts, output)


def is_done(job: Job, output: Path) -> bool:
    """Return whether a folder already holds the complete result of a run."""
    files = published(output)
    if not files or read_json(output / MANIFEST, "").get("job") != job.fingerprint:
        return False
    return all(matches(output / name, digest) for name, digest in files.items())


def score_remaining(
    job: Job, work: Path, output: Path, engine: Engine, max_share: float
) -> dict[int, Part]:
    """Score the chunks that no earlier run has finished; stop if too many rows are rejected."""
    found = {chunk.number: find_finished(work, output, chunk.number) for chunk in job.chunks}
    parts = {number: part for number, part in found.items() if part}
    rejected = count(parts, "rejected")
    remaining = [chunk for chunk in job.chunks if chunk.number not in parts]
    limits = job.limits
    results = engine(remaining, limits.model_dir, job.project, limits.batch_workers)
    with closing(results), progress(job.rows, rejected + count(parts, "scored")) as bar:
        for chunk, scored in results:
            parts[chunk.number] = write_part(work, chunk.number, scored)
            bar.update(chunk.rows)
            rejected += scored.rejected
            if rejected > max_share * job.rows:
                break
    return dict(sorted(parts.items()))


def progress(rows: int, done: int) -> tqdm:
    """Return a progress bar on standard error; without a terminal, a line every ten seconds."""
    bar: dict[str, Any] = {"total": rows, "initial": done, "unit": " rows", "unit_scale": True}
    if not sys.stderr.isatty():
        bar |= {"mininterval": EVERY_S, "delay": EVERY_S, "bar_format": "{l_bar}{bar:20}{r_bar}\n"}
    return tqdm(**bar)


def count(parts: dict[int, Part], name: str) -> int:
    """Return the number of rows that are `scored` or `rejected`."""
    return sum(getattr(part, name) for part in parts.values())


def check_rejected_share(job: Job, parts: dict[int, Part], work: Path, max_share: float) -> None:
    """Raise a `UserError` if more rows than allowed are rejected, and write the reasons."""
    rejected, path = count(parts, "rejected"), work.parent / REJECTED
    if rejected > max_share * job.rows:
        collect_violations(work, path, parts)
        raise UserError(
            f"{rejected:,} of {rejected + count(parts, 'scored'):,} rows violate the schema, "
            f"allowed are {max_share:.2%} of {job.rows:,} (params.yaml: batch.max_rejected_share); "
            f"nothing was published, the reasons are in {path}" + reasons(path)
        )


def summary(parts: dict[int, Part], output: Path) -> str:
    """Return the summary of a run."""
    scored, rejected = count(parts, "scored"), count(parts, "rejected")
    return f"{scored:,} rows scored, {rejected:,} rejected -> {output}" + reasons(output / REJECTED)


def reasons(rejected: Path) -> str:
    """Return a line for each column with invalid values, those with most first."""
    counts = pl.scan_parquet(rejected, glob=False).group_by("column", "allowed").len()
    ordered = counts.sort("len", "column", descending=[True, False]).collect()
    return "".join(
        f"\n  {column}: {number:,} not {allowed}" for column, allowed, number in ordered.rows()
    )
