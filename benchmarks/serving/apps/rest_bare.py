"""The limit: FastAPI and a call of ONNX Runtime on precomputed features: rest_bare.py PORT ROWS.

ROWS is a file with the body of the requests; the endpoint does not read requests.
"""

import json
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

import scoring

model = scoring.predictor()
session = model.scorer.session
features = scoring.row_features(model, json.loads(Path(sys.argv[2]).read_bytes())["rows"])
app = FastAPI()


@app.post("/predict")
async def predict() -> dict[str, list[float]]:
    """Score the same rows for every request."""
    return {"predictions": session.run(None, {"features": features})[0][:, 1].tolist()}


uvicorn.run(app, port=int(sys.argv[1]), http="httptools", loop="asyncio", log_level="warning")
