"""The files of a run: made aside, recognised when a run starts again, published all at once."""

import json
import shutil
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256 as hash_of
from pathlib import Path

import polars as pl

from ...console import UserError
from ...files import read_json, replacing, sha256, write_bytes, write_json
from .score import FAULTS, Scored

MANIFEST = "manifest.json"
REJECTED = "rejected.parquet"
PARTS = "part-*.parquet"


@dataclass(frozen=True)
class Note:
    """What a finished part is: the hashes of its two files, and counts of rows."""

    part: str
    faults: str
    scored: int
    rejected: int


def part_name(number: int) -> str:
    """Name a part, so that the names' order is the rows'."""
    return f"part-{number:06d}.parquet"


def faults_name(number: int) -> str:
    """Name the file of a part's faults."""
    return f"faults-{number:06d}.parquet"


def note_name(number: int) -> str:
    """Name the file that says that a part is finished."""
    return f"part-{number:06d}.json"


def keep(work: Path, number: int, scored: Scored) -> Note:
    """Write a chunk's files aside, last of all the note that they are whole."""
    write_bytes(work / part_name(number), scored.part)
    write_bytes(work / faults_name(number), scored.faults)
    part, faults = (hash_of(content).hexdigest() for content in (scored.part, scored.faults))
    note = Note(part, faults, scored.scored, scored.rejected)
    write_json(work / note_name(number), asdict(note))
    return note


def finished(work: Path, output: Path, number: int) -> Note | None:
    """Find a part that a run before has finished, if its files are still what they were.

    A run that was killed while it published has moved it into the output already.
    """
    try:
        note = Note(**json.loads((work / note_name(number)).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    name = part_name(number)
    part = work / name if (work / name).exists() else output / name
    whole = holds(part, note.part) and holds(work / faults_name(number), note.faults)
    return note if whole else None


def holds(path: Path, digest: str) -> bool:
    """Tell whether there is a file with this hash."""
    return path.is_file() and sha256(path) == digest


def published(output: Path) -> dict[str, str]:
    """Give the files that the manifest in a folder lists, with their hashes; none without one."""
    if not (output / MANIFEST).exists():
        return {}
    manifest = read_json(output / MANIFEST, f"delete {output} and run again")
    return {file["file"]: file["sha256"] for file in manifest.get("parts", [])}


def refuse_foreign(output: Path, others: bool) -> None:
    """Refuse a folder whose parts no run has made, so that nothing of somebody else is deleted.

    Args:
        output: the folder.
        others: whether a run was killed there, so that parts without a manifest are its own.

    Raises:
        UserError: there are such parts; the text names the first.
    """
    known = published(output)
    strange = [path.name for path in sorted(output.glob(PARTS)) if path.name not in known]
    if strange and not others:
        raise UserError(
            f"{output} holds {strange[0]}, which no run has made; choose an empty folder"
        )


def collect_faults(work: Path, target: Path, numbers: Iterable[int]) -> None:
    """Put the faults of all parts into one file, in order, without holding them in memory."""
    files = [work / faults_name(number) for number in numbers]
    with replacing(target) as aside:
        pl.scan_parquet(files, schema=FAULTS, glob=False).sink_parquet(aside, compression="zstd")


def publish(work: Path, output: Path, numbers: Collection[int]) -> None:
    """Move parts and faults into the output, in place of those of an earlier run.

    The manifest of an earlier run goes first: without one nobody takes the folder for whole.
    """
    (output / MANIFEST).unlink(missing_ok=True)
    own = {part_name(number) for number in numbers}
    for old in output.glob(PARTS):
        if old.name not in own or (work / old.name).exists():
            old.unlink()
    for name in sorted(own):
        if (work / name).exists():
            (work / name).replace(output / name)
    collect_faults(work, output / REJECTED, numbers)


def clear(folder: Path, but: Iterable[str] = ()) -> None:
    """Delete the folders in a folder, apart from some."""
    for old in folder.iterdir():
        if old.is_dir() and old.name not in but:
            shutil.rmtree(old)
