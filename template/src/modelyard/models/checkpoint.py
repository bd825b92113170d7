"""A training's progress on disk, so that a killed one goes on where it was."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from ..console import UserError
from ..files import read_json, write_bytes, write_json
from . import store

FOLDER = Path(".cache/train")


class Checkpoints:
    """Models and results of one training, apart from those of any other.

    Args:
        fingerprint: differs whenever another training would give another model.
        folder: where trainings keep their progress.
    """

    def __init__(self, fingerprint: str, folder: Path = FOLDER) -> None:
        self.folder = folder / fingerprint

    def save_model(self, trial: int, rounds: int, model: Any) -> None:
        """Keep a model that has grown to `rounds`, with a hash of its bytes in front."""
        content = store.to_bytes(model)
        write_bytes(self._model(trial, rounds), _digest(content) + content)

    def newest_model(self, trial: int) -> tuple[int, Any]:
        """Give the rounds and the model of the newest whole checkpoint; (0, None) without one."""
        for path in sorted(self.folder.glob(f"trial-{trial:03}-*.skops"), reverse=True):
            content = path.read_bytes()
            if content[:64] == _digest(content[64:]):
                return int(path.stem.rsplit("-", 1)[1]), store.from_bytes(content[64:], str(path))
            print(f"train: {path} is damaged, going on from the one before")
        return 0, None

    def save_result(self, trial: int, result: dict[str, Any]) -> None:
        """Keep the result of a finished trial."""
        write_json(self.folder / f"trial-{trial:03}.json", result)

    def result(self, trial: int) -> dict[str, Any] | None:
        """Give the result of a trial if it is finished."""
        try:
            return dict(read_json(self.folder / f"trial-{trial:03}.json", "it will be made anew"))
        except UserError:
            return None

    def clear(self) -> None:
        """Forget the training, once its model stands where it belongs."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _model(self, trial: int, rounds: int) -> Path:
        return self.folder / f"trial-{trial:03}-{rounds:06}.skops"


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
