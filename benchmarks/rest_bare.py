"""The least that FastAPI and ONNX Runtime take: `python rest_bare.py MODEL.onnx PORT`."""

import sys

import numpy as np
import onnxruntime as ort
import uvicorn
from fastapi import FastAPI

options = ort.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = ort.InferenceSession(sys.argv[1], options, ["CPUExecutionProvider"])
features = np.zeros((1, session.get_inputs()[0].shape[1]), np.float32)
app = FastAPI()


@app.post("/predict")
async def predict() -> dict[str, float]:
    """Score one row that is always the same."""
    return {"score": float(session.run(None, {"features": features})[0].ravel()[-1])}


uvicorn.run(app, port=int(sys.argv[2]), http="httptools", loop="asyncio", log_level="warning")
