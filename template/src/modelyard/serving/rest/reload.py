"""Hot reload: switch to a newer model between two requests, once it is verified."""

import asyncio
from typing import Any

from ...console import UserError
from ..predictor import Predictor, read_manifest, to_rows
from .log import log
from .service import Service


class Reloader:
    """Checks the model's folder for another model, and switches to it.

    A model that cannot be served is logged and counted once, and tried again at the next check, as
    it may have been written only in part.
    """

    def __init__(self, service: Service) -> None:
        self.service, self.folder = service, service.limits.model_dir
        self.refused: Any = {}

    async def watch(self) -> None:
        """Check every REST_RELOAD_S seconds until cancelled; 0 disables reloading."""
        while pause_s := self.service.limits.rest_reload_s:
            await asyncio.sleep(pause_s)
            await self.check()

    async def check(self) -> None:
        """Switch to the folder's model if it is another one; load it in a thread."""
        predictor = await asyncio.to_thread(self.load_newer, self.service.require_predictor())
        if predictor:
            self.refused = {}
            self.service.switch(predictor)
            self.service.metrics.swaps.inc()
            log(event="model swapped", model_version=predictor.version)

    def load_newer(self, serving: Predictor) -> Predictor | None:
        """Return the folder's model if it is another one that can replace `serving`."""
        found = None
        try:
            found = read_manifest(self.folder / "model.json")
            same = found == serving.manifest
            return None if same else verify(self.service.load_predictor(), serving)
        except Exception as failure:
            if found != self.refused:
                self.refused = found
                self.service.metrics.refused_swaps.inc()
                log(event="model refused", model_dir=str(self.folder), error=str(failure))
        return None


def verify(predictor: Predictor, serving: Predictor) -> Predictor:
    """Return a model if it matches the running code and predicts a real row."""
    if predictor.version == serving.version:
        raise UserError("model.json was altered: another content under the serving version")
    if predictor.manifest["code_hash"] != serving.manifest["code_hash"]:
        raise UserError("features/build.py changed since the service started; restart the service")
    if (predictor.folder / "examples.jsonl").is_file():
        predictor.predict(to_rows(predictor.examples(1), predictor.schema)).records()
    return predictor
