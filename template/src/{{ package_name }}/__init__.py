"""From raw rows to served predictions: data, features, models, serving."""

import os

# onnxruntime reports its use over the network unless it finds this when it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
