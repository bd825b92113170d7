"""From raw rows to served predictions: data, features, models, serving."""

import os
import sys

# onnxruntime reports its use over the network unless it finds this when it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

# Python's name for a command while it looks for it: `python -m …`, not an import by anybody else.
if sys.argv[:1] == ["-m"]:
    from .mistakes import show

    sys.excepthook = show
