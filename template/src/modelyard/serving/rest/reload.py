"""A newer model takes the served one's place between two requests, once it is verified."""

import asyncio
from typing import Any

from ...console import UserError
from ..predictor import Predictor, read_manifest, to_rows
from .log import log
from .service import Service


class Reloader:
    """Looks whether the model's folder holds another model, and switches to it.

    What cannot be served is refused, logged and counted once, and tried again at the next look:
    it may only have been half there.
    """

    def __init__(self, service: Service) -> None:
        self.service, self.folder = service, service.limits.model_dir
        self.refused: Any = {}

    async def watch(self) -> None:
        """Look every REST_RELOAD_S seconds, until cancelled; never if that is 0."""
        while pause_s := self.service.limits.rest_reload_s:
            await asyncio.sleep(pause_s)
            await self.look()

    async def look(self) -> None:
        """Switch to the folder's model if it is another one; load it in a thread."""
        predictor = await asyncio.to_thread(self.newer, self.service.ready())
        if predictor:
            self.refused = {}
            self.service.switch(predictor)
            self.service.metrics.swaps.inc()
            log(event="model swapped", model_version=predictor.version)

    def newer(self, served: Predictor) -> Predictor | None:
        """Load the folder's model, if it is another one that can take the place of `served`."""
        found = None
        try:
            found = read_manifest(self.folder / "model.json")
            return checked(self.service.loaded(), served) if found != served.about else None
        except Exception as failure:
            if found != self.refused:
                self.refused = found
                self.service.metrics.refused_swaps.inc()
                log(event="model refused", model_dir=str(self.folder), error=str(failure))
        return None


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
