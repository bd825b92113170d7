"""Time rows in one process: `InferenceSession.run` and the bundle's own code, in turns.

Run by edge.py with the project's Python: edge_rows.py BUNDLE MODELS. Prints as JSON the
microseconds per row and the largest difference between the scores of the two.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROUNDS, TOGETHER = 4, 100
MODULES = (
    *("modelyard.serving.edge.json_lines", "modelyard.serving.edge.bundle_settings"),
    *("modelyard.serving.predictor", "modelyard.features.spec", "modelyard.project"),
)


def timed(call: Callable[..., Any], *words: Any, **named: Any) -> tuple[float, Any]:
    """Return the duration of a call in microseconds, and its result."""
    start = time.perf_counter()
    answer = call(*words, **named)
    return (time.perf_counter() - start) * 1e6, answer


def measure(bundle: Path, models: Path) -> dict[str, Any]:
    """Time a row: raw, alone from text to text, and among others."""
    sys.path.insert(0, str(bundle))
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    json_lines, settings, predictor, spec, project = map(importlib.import_module, MODULES)
    own = project.load(manifest["package"])
    model = predictor.Predictor(bundle, own.schema, own.build)
    device = json_lines.LinePredictor(model, settings.BundleSettings(**manifest["terms"]))
    features = model.manifest["features"]
    lines = (models / "examples.jsonl").read_bytes().splitlines()
    found: dict[str, list[float]] = {"raw": [], "one row alone": [], "a row of 100": []}
    gaps = []
    for place in range(ROUNDS * len(lines)):
        line = lines[place % len(lines)]
        rows = predictor.to_rows([json.loads(line)], own.schema)
        row = {"features": spec.matrix(rows, features, own.build)}
        raw_us, scores = timed(model.scorer.session.run, None, row)
        alone_us, [answer] = timed(device.predict, [line], 0, expired=False)
        gaps.append(abs(json.loads(answer)["score"] - float(scores[0][0, 1])))
        found["raw"].append(raw_us)
        found["one row alone"].append(alone_us)
        if not place % TOGETHER:
            took, _ = timed(device.predict, lines[:TOGETHER], 0, expired=False)
            found["a row of 100"].append(took / TOGETHER)
    return {"gap": max(gaps), "sides": {name: summary(times) for name, times in found.items()}}


def summary(times: list[float]) -> dict[str, float]:
    """Return the median and, for enough times, the 99th percentile."""
    found = {"p50_us": round(median(times), 2)}
    return found | ({"p99_us": round(quantiles(times, n=100)[-1], 2)} if len(times) >= 100 else {})


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
