"""Files of a run: written to a work folder, reused by a resumed run, published at the end."""

import json
import shutil
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256 as hash_of
from itertools import chain
from pathlib import Path

import polars as pl

from ...console import UserError
from ...files import atomic_write, read_json, sha256, write_bytes, write_json
from .score import REJECTED_SCHEMA, ScoredChunk

MANIFEST = "manifest.json"
REJECTED = "rejected.parquet"
PARTS = "part-*.parquet"
PART_FILE = "part-{:06d}.parquet"  # sorted names are in the order of the rows
VIOLATIONS_FILE = "violations-{:06d}.parquet"
DONE_FILE = "part-{:06d}.json"  # marks a part as finished


@dataclass(frozen=True)
class Part:
    """A finished part: the sha256 of its two files, and counts of rows."""

    part: str
    faults: str
    scored: int
    rejected: int


def write_part(work: Path, number: int, scored: ScoredChunk) -> Part:
    """Write a chunk's files to the work folder, at last the file that marks them as complete."""
    write_bytes(work / PART_FILE.format(number), scored.part)
    write_bytes(work / VIOLATIONS_FILE.format(number), scored.violations)
    digest, faults = (hash_of(data).hexdigest() for data in (scored.part, scored.violations))
    part = Part(digest, faults, scored.scored, scored.rejected)
    write_json(work / DONE_FILE.format(number), asdict(part))
    return part


def find_finished(work: Path, output: Path, number: int) -> Part | None:
    """Find a part that an earlier run has finished, if its files are unchanged.

    A run that was killed while publishing may have moved the part into the output already.
    """
    try:
        part = Part(**json.loads((work / DONE_FILE.format(number)).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    name = PART_FILE.format(number)
    file = work / name if (work / name).exists() else output / name
    complete = matches(file, part.part) and matches(
        work / VIOLATIONS_FILE.format(number), part.faults
    )
    return part if complete else None


def matches(path: Path, digest: str) -> bool:
    """Return whether a file exists and has this sha256."""
    return path.is_file() and sha256(path) == digest


def published(output: Path) -> dict[str, str]:
    """Return file name to sha256 of the manifest in a folder; empty without a manifest."""
    if not (output / MANIFEST).exists():
        return {}
    manifest = read_json(output / MANIFEST, f"delete {output} and run again")
    return {file["file"]: file["sha256"] for file in manifest.get("parts", [])}


def check_links(output: Path, hidden: Path) -> None:
    """Raise a `UserError` for a link in place of a run's file, as it may lead out of `output`."""
    names = (MANIFEST, REJECTED, PARTS, ".*.part")
    for path in chain([hidden], *map(output.glob, names), hidden.rglob("*")):
        if path.is_symlink():
            raise UserError(f"{path} is a link; delete it, or choose another output folder")


def check_foreign_parts(output: Path, resuming: bool) -> None:
    """Refuse a folder with parts of another origin, unless a run was killed there."""
    known = published(output)
    foreign = [path.name for path in sorted(output.glob(PARTS)) if path.name not in known]
    if foreign and not resuming:
        raise UserError(
            f"{output} holds {foreign[0]}, which no batch run has written; choose an empty folder"
        )


def collect_violations(work: Path, target: Path, numbers: Iterable[int]) -> None:
    """Write the violations of all parts to one file, in order, without holding them in memory."""
    files = [work / VIOLATIONS_FILE.format(number) for number in numbers]
    with atomic_write(target) as temporary:
        violations = pl.scan_parquet(files, schema=REJECTED_SCHEMA, glob=False)
        violations.sink_parquet(temporary, compression="zstd")


def publish(work: Path, output: Path, numbers: Collection[int]) -> None:
    """Move parts and violations into the output, replacing those of an earlier run.

    The manifest of an earlier run is deleted first: without one the folder counts as incomplete.
    """
    (output / MANIFEST).unlink(missing_ok=True)
    own = {PART_FILE.format(number) for number in numbers}
    for old in output.glob(PARTS):
        if old.name not in own or (work / old.name).exists():
            old.unlink()
    for name in sorted(own):
        if (work / name).exists():
            (work / name).replace(output / name)
    collect_violations(work, output / REJECTED, numbers)


def delete_folders(folder: Path, keep: Iterable[str] = ()) -> None:
    """Delete the folders in a folder, except those to keep."""
    for old in folder.iterdir():
        if old.is_dir() and old.name not in keep:
            shutil.rmtree(old)
