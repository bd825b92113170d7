"""What a tutorial of FastAPI and scikit-learn shows: `python rest_sklearn.py PORT`."""

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

import scoring


class Asked(BaseModel):
    """A body: some rows, whatever is in them."""

    rows: list[dict[str, Any]]


app, scores = FastAPI(), scoring.by_sklearn()


@app.post("/predict")
def predict(asked: Asked) -> dict[str, list[float]]:
    """Score rows."""
    return {"predictions": scores(asked.rows)}


uvicorn.run(app, port=int(sys.argv[1]), http="httptools", loop="asyncio", log_level="warning")
