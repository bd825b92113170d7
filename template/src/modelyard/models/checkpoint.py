"""Checkpoints of a training run, from which an interrupted one resumes."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from ..console import UserError
from ..files import read_json, write_bytes, write_json
from . import store

FOLDER = Path(".cache/train")


class Checkpoints:
    """Checkpoints and trial results of the training run whose inputs have this hash."""

    def __init__(self, fingerprint: str, folder: Path = FOLDER) -> None:
        self.folder = folder / fingerprint

    def save_model(self, trial: int, rounds: int, model: Any) -> None:
        """Write a model trained for `rounds`, prefixed by the hash of its bytes."""
        content = store.to_bytes(model)
        write_bytes(self._model(trial, rounds), _digest(content) + content)

    def newest_model(self, trial: int) -> tuple[int, Any]:
        """Return rounds and model of the newest intact checkpoint; (0, None) without one."""
        for path in sorted(self.folder.glob(f"trial-{trial:03}-*.skops"), reverse=True):
            content = path.read_bytes()
            if content[:64] == _digest(content[64:]):
                return int(path.stem.rsplit("-", 1)[1]), store.from_bytes(content[64:], str(path))
            print(f"train: {path} is damaged, using the checkpoint before it")
        return 0, None

    def save_result(self, trial: int, result: dict[str, Any]) -> None:
        """Write the result of a finished trial."""
        write_json(self.folder / f"trial-{trial:03}.json", result)

    def result(self, trial: int) -> dict[str, Any] | None:
        """Return the result of a trial; None if it is not finished."""
        try:
            return dict(read_json(self.folder / f"trial-{trial:03}.json", "it is computed again"))
        except UserError:
            return None

    def clear(self) -> None:
        """Delete the checkpoints, once the trained model is saved."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _model(self, trial: int, rounds: int) -> Path:
        return self.folder / f"trial-{trial:03}-{rounds:06}.skops"


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
