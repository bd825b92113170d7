"""A minimal LitServe server: `python rest_litserve.py PORT`."""

import sys
from typing import Any

import litserve

import scoring


class Served(litserve.LitAPI):
    """The model behind `POST /predict`."""

    def setup(self, device: str) -> None:
        """Load the model."""
        self.scores = scoring.by_onnx()

    def decode_request(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the rows of a request."""
        return request["rows"]

    def predict(self, x: list[dict[str, Any]]) -> list[float]:
        """Score rows."""
        return self.scores(x)

    def encode_response(self, output: list[float]) -> dict[str, list[float]]:
        """Return the response."""
        return {"predictions": output}


if __name__ == "__main__":
    server = litserve.LitServer(Served(), accelerator="cpu", workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
    )
