"""Write files atomically; read JSON files and ledgers; hash files."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .console import UserError


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yield a temporary path that replaces `path` if the block succeeds.

    Raises:
        UserError: the file cannot be written; an existing `path` is unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as failure:
        raise UserError(f"cannot write {path}: {failure.strerror or failure}") from failure
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically."""
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def as_json(value: Any) -> bytes:
    """Format a value as JSON: indented, keys in the given order, with a final line break."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file atomically."""
    write_bytes(path, as_json(value))


def read_json(path: Path, remedy: str) -> Any:
    """Read a JSON file.

    Raises:
        UserError: the file does not exist or is not JSON; the message ends with `remedy`.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; {remedy}") from None
    except ValueError as failure:
        raise UserError(f"{path} is not JSON ({failure}); {remedy}") from None


def read_lines(path: Path, remedy: str = "git checkout restores it") -> list[Any]:
    """Read JSON lines; an empty list if the file does not exist.

    Only a line feed ends a line: texts may contain what `str.splitlines` takes for a line end.

    Raises:
        UserError: a line is not JSON; the message names it and ends with `remedy`.
    """
    values = []
    for number, line in enumerate(path.read_bytes().split(b"\n") if path.exists() else [], 1):
        try:
            values += [json.loads(line)] if line.strip() else []
        except (ValueError, RecursionError):
            where = f"line {number} of {path.as_posix()}"
            raise UserError(f"{where} is damaged; {remedy}") from None
    return values


def write_lines(path: Path, values: list[Any]) -> None:
    """Write a ledger atomically, one JSON value per line."""
    lines = [json.dumps(value, ensure_ascii=False) + "\n" for value in values]
    write_bytes(path, "".join(lines).encode())


def sha256(path: Path) -> str:
    """Return the SHA-256 hash of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
