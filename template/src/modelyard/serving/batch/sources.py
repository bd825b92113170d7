"""Which files a run reads: a file, a folder, a pattern, or an address such as `s3://…`."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from ...console import UserError

KINDS = (".parquet", ".csv")
ALLOWED = "allowed are .parquet and .csv files, a folder of them or a pattern such as 'in/*.csv'"


@dataclass(frozen=True)
class Source:
    """A file to read, and what it is called in results."""

    path: Path
    name: str

    @property
    def is_csv(self) -> bool:
        """Whether its values are texts."""
        return self.name.endswith(".csv")


def find(wanted: str, cache: Path) -> list[Source]:
    """List the files that an argument means, in order of their names.

    Args:
        wanted: a file, a folder, a pattern or an address.
        cache: folder to copy files into that are not on this machine.

    Raises:
        UserError: there are none, or an address cannot be read.
    """
    if "://" in wanted:
        return fetched(wanted, cache)
    paths = local(wanted)
    return [Source(path, name) for path, name in zip(paths, named(paths), strict=True)]


def local(wanted: str) -> list[Path]:
    """List files of this machine.

    Raises:
        UserError: there are none, or it is one of another kind.
    """
    path = Path(wanted)
    if path.is_file():
        if path.suffix not in KINDS:
            raise UserError(f"{wanted} is a {path.suffix or 'nameless'} file; {ALLOWED}")
        return [path]
    listed = path.iterdir() if path.is_dir() else map(Path, glob.glob(wanted, recursive=True))
    if found := sorted(file for file in listed if is_data(file.name) and file.is_file()):
        return found
    there = path.exists() or glob.has_magic(wanted)
    raise UserError(f"{wanted} {'means no file' if there else 'is not there'}; {ALLOWED}")


def is_data(name: str) -> bool:
    """Tell whether a file of this name is read from a folder."""
    return name.endswith(KINDS) and not name.startswith((".", "_"))


def named(paths: Sequence[PurePath]) -> list[str]:
    """Call files by their path below the folder that they share: the same on every machine."""
    common = paths[0].parent
    while not all(path.is_relative_to(common) for path in paths):
        common = common.parent
    return [path.relative_to(common).as_posix() for path in paths]


def fetched(address: str, cache: Path) -> list[Source]:
    """Copy files from elsewhere, any that fsspec can read.

    Raises:
        UserError: the library for it is missing, or the address cannot be read or has no files.
    """
    import fsspec  # which takes a moment to import and is seldom needed

    try:
        system, path = fsspec.core.url_to_fs(address)
        remote = remote_files(system, path)
        names = named([PurePosixPath(file) for file in remote])
        return [
            Source(fetch(system, file, cache / name), name)
            for file, name in zip(remote, names, strict=True)
        ]
    except UserError:
        raise
    except ImportError as failure:
        raise UserError(f"{address} cannot be read: {failure}; add it by uv add") from None
    except Exception as failure:  # the libraries for stores have no common error
        raise UserError(f"{address} cannot be read: {failure or type(failure).__name__}") from None


def remote_files(system: Any, path: str) -> list[str]:
    """List files of another machine.

    Raises:
        UserError: there are none.
    """
    if glob.has_magic(path):
        listed = system.glob(path)
    else:
        listed = system.ls(path, detail=False) if system.isdir(path) else [path]
    found = sorted(name for name in listed if is_data(PurePosixPath(name).name))
    if not found:
        raise UserError(f"{path} means no file; {ALLOWED}")
    return found


def fetch(system: Any, file: str, target: Path) -> Path:
    """Copy a file of another machine."""
    target.parent.mkdir(parents=True, exist_ok=True)
    system.get_file(file, str(target))
    return target
