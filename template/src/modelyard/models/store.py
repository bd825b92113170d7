"""The training library's own model files: skops, which runs no code when it loads."""

import zipfile
from pathlib import Path
from typing import Any

import skops.io

from ..console import UserError
from ..files import write_bytes

TRUSTED_ROOTS = ("sklearn.", "numpy.", "scipy.", "builtins.")


def to_bytes(model: Any) -> bytes:
    """Turn a model into the bytes of a skops file."""
    return bytes(skops.io.dumps(model))


def from_bytes(content: bytes, name: str) -> Any:
    """Turn the bytes of a skops file into a model.

    Args:
        content: what `to_bytes` gave.
        name: what an error calls the file.

    Raises:
        UserError: the content is damaged, or holds a type of another library than scikit-learn.
    """
    try:
        unknown = skops.io.get_untrusted_types(data=content)
        strange = [kind for kind in unknown if not kind.startswith(TRUSTED_ROOTS)]
        if strange:
            raise UserError(f"{name} holds types that are not trusted: {', '.join(strange)}")
        return skops.io.loads(content, trusted=unknown)
    except (zipfile.BadZipFile, KeyError, ValueError) as failure:
        raise UserError(f"{name} is no whole skops file ({failure}); run: dvc repro") from None


def save(path: Path, model: Any) -> None:
    """Write a model, whole or not at all."""
    write_bytes(path, to_bytes(model))


def load(path: Path) -> Any:
    """Read a model.

    Raises:
        UserError: it is not there or damaged.
    """
    if not path.is_file():
        raise UserError(f"{path} is not there; run: dvc repro")
    return from_bytes(path.read_bytes(), str(path))
