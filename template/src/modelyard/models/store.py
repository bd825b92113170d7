"""Model files of the training library, in skops format: loading one runs no code."""

import zipfile
from pathlib import Path
from typing import Any

import skops.io

from ..console import UserError
from ..files import write_bytes

TRUSTED_ROOTS = ("sklearn.", "numpy.", "scipy.", "builtins.")


def to_bytes(model: Any) -> bytes:
    """Serialize a model to the bytes of a skops file."""
    return bytes(skops.io.dumps(model))


def from_bytes(content: bytes, name: str) -> Any:
    """Load a model from the bytes of a skops file.

    Args:
        content: the result of `to_bytes`.
        name: name of the file in error messages.

    Raises:
        UserError: the content is damaged, or has types from other libraries than scikit-learn.
    """
    try:
        unknown = skops.io.get_untrusted_types(data=content)
        untrusted = [kind for kind in unknown if not kind.startswith(TRUSTED_ROOTS)]
        if untrusted:
            raise UserError(f"{name} has untrusted types: {', '.join(untrusted)}")
        return skops.io.loads(content, trusted=unknown)
    except (zipfile.BadZipFile, KeyError, ValueError) as failure:
        raise UserError(f"{name} is not an intact skops file ({failure}); run: dvc repro") from None


def save(path: Path, model: Any) -> None:
    """Write a model atomically."""
    write_bytes(path, to_bytes(model))


def load(path: Path) -> Any:
    """Read a model.

    Raises:
        UserError: the file does not exist or is damaged.
    """
    if not path.is_file():
        raise UserError(f"{path} does not exist; run: dvc repro")
    return from_bytes(path.read_bytes(), str(path))
