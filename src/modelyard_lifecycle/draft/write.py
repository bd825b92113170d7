"""Write drafted files and a copy of the source: all of them or none."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..errors import UserError, delay_interrupts
from .draft import place_of
from .source import Source


def write_files(folder: Path, files: Mapping[str, bytes], source: Source) -> None:
    """Write files, and copy the source to its place, or leave the folder as it was.

    Args:
        folder: the project's folder, or another one.
        files: content by path.
        source: the source to copy.

    Raises:
        UserError: another file is in the place of the source.
    """
    place = folder / place_of(source)
    if is_copied(source, place):
        _replace_all(folder, files)
        return
    if place.exists():
        raise UserError(f"{place} exists and differs from {source.path}; rename one of them")
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".draft-") as scratch:
        copied = Path(scratch, "new")
        shutil.copytree(source.path, copied) if source.is_folder else shutil.copy(
            source.path, copied
        )
        with delay_interrupts():
            os.replace(copied, place)
            try:
                _replace_all(folder, files)
            except BaseException:
                shutil.rmtree(place) if source.is_folder else place.unlink()
                raise


def is_copied(source: Source, place: Path) -> bool:
    """Return whether the source is in its place already."""
    if place.resolve() == source.path.resolve():
        return True
    files = [place / one.name if source.is_folder else place for one in source.files]
    return all(
        two.is_file() and one.read_bytes() == two.read_bytes()
        for one, two in zip(source.files, files, strict=True)
    )


def _replace_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files; restore those that were written if one fails."""
    before: dict[Path, bytes | None] = {}
    try:
        for name, text in files.items():
            path = folder / name
            before[path] = path.read_bytes() if path.is_file() else None
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
    except BaseException:
        for path, old in before.items():
            path.unlink(missing_ok=True) if old is None else path.write_bytes(old)
        raise
