"""Where the monitor finds records: folders, or object storage for one that cannot read these."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..console import UserError
from ..params_operation import Monitoring
from ..serving.records import days, file_lines, file_size
from .records import recorded_days

OBJECT = re.compile(r"\d{4}-\d\d-\d\d/[\w.-]+\.jsonl?")


@contextmanager
def open_storage(url: str) -> Iterator[tuple[Any, str, dict[str, int]]]:
    """Yield file system and path of a URL, and the sizes of the objects in it by name."""
    import fsspec  # here: its import is slow and rarely needed

    try:
        system, root = fsspec.core.url_to_fs(url)
        system.invalidate_cache()
        found = system.find(root, detail=True).items()
        yield system, root, {name[len(root) + 1 :]: one["size"] for name, one in found}
    except Exception as failure:  # the libraries of the protocols have no common error
        raise UserError(f"{url} cannot be used: {failure or type(failure).__name__}") from None


def upload(folder: Path, url: str) -> int:
    """Copy the complete lines of files that have changed to a URL; return their bytes.

    What was deleted within a day is deleted there too. `sample-*.json` come after the predictions,
    so that tiers of which a file was deleted meanwhile are known not to be in the sample.
    """
    count = 0
    with open_storage(url) as (system, root, sizes):
        for path in sorted(folder.glob("*/*.json*"), key=is_sample):
            name = f"{path.parent.name}/{path.name}"
            target, size = f"{root}/{name}", sizes.get(name)
            if not OBJECT.fullmatch(name) or (file_size(path) == size and not is_sample(path)):
                continue
            lines = b"".join(text for text in file_lines([path]) if text.endswith(b"\n"))
            if lines and (len(lines) != size or system.cat_file(target) != lines):
                system.pipe_file(target, lines)
                count += len(lines)
        for name in filter(OBJECT.fullmatch, sizes):
            if (folder / name[:10]).is_dir() and not (folder / name).exists():
                system.rm_file(f"{root}/{name}")
    return count


def is_sample(path: Path) -> bool:
    """Return whether a file, a `sample-*.json`, may change without changing its size."""
    return path.suffix == ".json"


@contextmanager
def read_sources(settings: Any, first: date) -> Iterator[list[tuple[Path, str]]]:
    """Yield the folders of the records from a day on, and why each must have some, if it must."""
    if url := settings.record_url:
        with TemporaryDirectory() as temporary:
            folder = Path(temporary, "records")
            download(url, folder, first, settings.today)
            yield [(folder, f"RECORD_URL is {url}")]
        return
    rest, batch = settings.rest_record_dir, settings.batch_record_dir
    yield [
        (rest, f"REST_RECORD_SHARE records to {rest}" if settings.rest_record_share else ""),
        (batch, f"BATCH_RECORD_ROWS records to {batch}" if settings.batch_record_rows else ""),
    ]


def download(url: str, folder: Path, first: date, last: date) -> None:
    """Copy the records of the days from `first` to `last` to a folder, or the newest before."""
    with open_storage(url) as (system, root, sizes):
        names = [name for name in sizes if OBJECT.fullmatch(name) and name[:10] <= str(last)]
        start = min(str(first), max(names, default="")[:10])
        for path in sorted((Path(name) for name in names if name >= start), key=is_sample):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # deleted by `upload` meanwhile
                (folder / path).write_bytes(system.cat_file(f"{root}/{path.as_posix()}"))


def why_blind(folder: Path, why: str, today: date, limits: Monitoring) -> str:
    """Return that records are missing for `max_silent_days` although they must be there, if so."""
    for path in (folder, *days(folder)):
        if os.path.exists(path) and not os.access(path, os.R_OK | os.X_OK):
            raise UserError(f"{path} cannot be read by this user; allow it")
    found = recorded_days([folder], today)
    created = folder.stat().st_mtime if folder.is_dir() else 0
    newest = found[-1][0] if found else datetime.fromtimestamp(created, UTC).date()
    if not why or (today - newest).days <= limits.max_silent_days:
        return ""
    return f"no record{f' since {newest}' if found else ''}, although {why}"
