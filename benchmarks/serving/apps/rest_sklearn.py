"""A service as in a FastAPI and scikit-learn tutorial: `python rest_sklearn.py PORT`."""

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

import scoring


class Request(BaseModel):
    """A request with rows, which are not validated."""

    rows: list[dict[str, Any]]


app, scores = FastAPI(), scoring.by_sklearn()


@app.post("/predict")
def predict(request: Request) -> dict[str, list[float]]:
    """Score rows."""
    return {"predictions": scores(request.rows)}


uvicorn.run(app, port=int(sys.argv[1]), http="httptools", loop="asyncio", log_level="warning")
