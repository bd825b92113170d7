"""A newer model takes the served one's place between two requests, once it is verified."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from ...console import UserError
from ..predictor import Predictor, to_rows
from .log import log
from .service import Service


class Reloader:
    """Looks whether the model's folder holds another model, and switches to it.

    What cannot be served is refused, logged and counted once, and tried again when a file changes:
    it may only have been half there.

    Args:
        service: serves the model of its folder.
    """

    def __init__(self, service: Service) -> None:
        """Take what is in the folder now as served."""
        self.service, self.folder = service, service.limits.model_dir
        self.served = self.refused = digest(self.folder / "model.json")
        self.tried: Any = None

    async def watch(self) -> None:
        """Look every REST_RELOAD_S seconds, until cancelled; never if that is 0."""
        while pause_s := self.service.limits.rest_reload_s:
            await asyncio.sleep(pause_s)
            await self.look()

    async def look(self) -> None:
        """Switch to the folder's model if it is another one; load it in a thread."""
        served = self.service.predictor
        predictor = await asyncio.to_thread(self.newer, served) if served else None
        if predictor:
            self.service.switch(predictor)
            self.service.metrics.swaps.inc()
            log(event="model swapped", model_version=predictor.version)

    def newer(self, served: Predictor) -> Predictor | None:
        """Load the folder's model, if it is another one that can take the place of `served`."""
        found = digest(self.folder / "model.json")
        state = found, *(stamp(self.folder / name) for name in ("model.onnx", "examples.jsonl"))
        if found == self.served or state == self.tried:
            return None
        self.tried = state
        try:
            predictor = checked(self.service.loaded(), served)
        except Exception as failure:
            self.refuse(found, failure)
            return None
        self.served = self.refused = found
        return predictor if predictor.about != served.about else None

    def refuse(self, found: str, failure: Exception) -> None:
        """Log and count a model that cannot be served, once."""
        if found != self.refused:
            self.refused = found
            self.service.metrics.refused_swaps.inc()
            log(event="model refused", model_dir=str(self.folder), error=str(failure))


def checked(predictor: Predictor, served: Predictor) -> Predictor:
    """Give a model that was loaded aside back if it may follow, and predicts for a real row.

    Raises:
        UserError: it is not whole, or does not fit the code that runs.
    """
    if predictor.about["code_hash"] != served.about["code_hash"]:
        raise UserError("features/build.py changed since the service started: start it again")
    if (predictor.folder / "examples.jsonl").is_file():
        predictor.predict(to_rows(predictor.examples(1), predictor.schema)).records()
    return predictor


def digest(path: Path) -> str:
    """Hash a file's content; empty if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def stamp(path: Path) -> tuple[int, int]:
    """Give what changes when a file is written: its time and its size."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
