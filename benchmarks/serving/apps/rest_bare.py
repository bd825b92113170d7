"""The limit: FastAPI and one call of ONNX Runtime, on features made ahead: rest_bare.py PORT ROWS.

ROWS is a file with the body that will be sent; the endpoint does not read what it gets.
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
    """Score the rows that are always the same."""
    return {"predictions": session.run(None, {"features": features})[0][:, 1].tolist()}


uvicorn.run(app, port=int(sys.argv[1]), http="httptools", loop="asyncio", log_level="warning")
