"""A minimal BentoML service: `bentoml serve rest_bentoml:Served --port PORT`."""

from typing import Any

import bentoml

import scoring


@bentoml.service(workers=1)
class Served:
    """The model behind `POST /predict`."""

    def __init__(self) -> None:
        self.scores = scoring.by_onnx()

    @bentoml.api
    def predict(self, rows: list[dict[str, Any]]) -> dict[str, list[float]]:
        """Score rows."""
        return {"predictions": self.scores(rows)}
