"""ONNX Runtime alone, on all cores, once warm: `python batch_raw.py MODEL.onnx X.npy`."""

import json
import sys
import time

import numpy as np
import onnxruntime as ort

session = ort.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
features = np.load(sys.argv[2])
session.run(None, {"features": features[:100_000]})
wall, cpu = time.perf_counter(), time.process_time()
session.run(None, {"features": features})
print(json.dumps({"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}))
