"""Find the input files of a run: a file, a folder, a glob pattern, or a URL such as `s3://…`."""

import glob
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from ...console import UserError

KINDS = (".parquet", ".csv")
ALLOWED = "allowed are .parquet and .csv files, a folder of them or a pattern such as 'in/*.csv'"


@dataclass(frozen=True)
class Source:
    """A file to read, and its name in results."""

    path: Path
    name: str

    @property
    def is_csv(self) -> bool:
        """Whether it is a CSV file."""
        return self.name.endswith(".csv")


def find_sources(source: str, cache: Path) -> list[Source]:
    """List the files of an argument, sorted by name; those of a URL are downloaded to `cache`."""
    if "://" in source:
        return download(source, cache)
    paths = local_files(source)
    return [Source(path, name) for path, name in zip(paths, relative_names(paths), strict=True)]


def local_files(source: str) -> list[Path]:
    """List local files."""
    path = Path(source)
    if path.is_file():
        if path.suffix not in KINDS:
            raise UserError(f"{source} has the suffix {path.suffix!r}; {ALLOWED}")
        return [path]
    listed = path.iterdir() if path.is_dir() else map(Path, glob.glob(source, recursive=True))
    if found := sorted(file for file in listed if is_data(file.name) and file.is_file()):
        return found
    exists = path.exists() or glob.has_magic(source)
    raise UserError(f"{source} {'matches no file' if exists else 'does not exist'}; {ALLOWED}")


def is_data(name: str) -> bool:
    """Return whether a file with this name in a folder is input."""
    return name.endswith(KINDS) and not name.startswith((".", "_"))


def relative_names(paths: Sequence[PurePath]) -> list[str]:
    """Return paths relative to the common folder of all files, the same on every machine."""
    common = paths[0].parent
    while not all(path.is_relative_to(common) for path in paths):
        common = common.parent
    return [path.relative_to(common).as_posix() for path in paths]


def download(url: str, cache: Path) -> list[Source]:
    """Download the files of a URL, with any protocol that fsspec supports."""
    import fsspec  # here: its import is slow and rarely needed

    shutil.rmtree(cache, ignore_errors=True)
    try:
        system, path = fsspec.core.url_to_fs(url)
        remote = remote_files(system, path)
        names = relative_names([PurePosixPath(file.lstrip("/")) for file in remote])
        return [
            Source(download_file(system, file, cache / name, cache), name)
            for file, name in zip(remote, names, strict=True)
        ]
    except UserError:
        raise
    except ImportError as failure:
        raise UserError(f"{url} cannot be read: {failure}; install it with uv add") from None
    except Exception as failure:  # the libraries of the protocols have no common error
        raise UserError(f"{url} cannot be read: {failure or type(failure).__name__}") from None


def remote_files(system: Any, path: str) -> list[str]:
    """List the files of a remote path."""
    if glob.has_magic(path):
        listed = system.glob(path)
    else:
        listed = system.ls(path, detail=False) if system.isdir(path) else [path]
    found = sorted(name for name in listed if is_data(PurePosixPath(name).name))
    if not found:
        raise UserError(f"{path} matches no file; {ALLOWED}")
    return found


def download_file(system: Any, file: str, target: Path, cache: Path) -> Path:
    """Download a file; raise a `UserError` if its name leads out of the cache or to another one."""
    inside = target.resolve().is_relative_to(cache.resolve())
    if not inside or target.exists() or {"..", "\\"} & {*PurePosixPath(file).parts, *file}:
        raise UserError(f"{file!r} leads out of its folder or to another file; rename it")
    target.parent.mkdir(parents=True, exist_ok=True)
    system.get_file(file, str(target))
    return target
