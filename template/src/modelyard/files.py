"""Files that are either whole or not there."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .console import UserError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to, which takes the place of `path` when all went well.

    Raises:
        UserError: the disk refused; what stood at `path` is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield aside
        os.replace(aside, path)
    except OSError as failure:
        raise UserError(f"cannot write {path}: {failure.strerror or failure}") from failure
    finally:
        aside.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file or none."""
    with replacing(path) as aside, aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def as_json(value: Any) -> bytes:
    """Make JSON for people: indented, in the order given, with a closing line break."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def write_json(path: Path, value: Any) -> None:
    """Write JSON for people, a whole file or none."""
    write_bytes(path, as_json(value))


def read_json(path: Path, remedy: str) -> Any:
    """Read a JSON file.

    Raises:
        UserError: it is not there (the text then gives `remedy`) or is no JSON.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path} is not there; {remedy}") from None
    except ValueError as failure:
        raise UserError(f"{path} is not JSON ({failure}); {remedy}") from None


def read_lines(path: Path) -> list[Any]:
    """Read a ledger in git, a JSON value on each line; nothing if it is not there.

    Raises:
        UserError: a line is no JSON.
    """
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    try:
        return [json.loads(line) for line in lines]
    except ValueError:
        raise UserError(f"{path.as_posix()} is damaged; git checkout brings it back") from None


def write_lines(path: Path, values: list[Any]) -> None:
    """Write a ledger, a JSON value on each line; a whole file or none."""
    lines = [json.dumps(value, ensure_ascii=False) + "\n" for value in values]
    write_bytes(path, "".join(lines).encode())


def sha256(path: Path) -> str:
    """Hash a file's content, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
