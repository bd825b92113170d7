"""Time rows in one process: `InferenceSession.run` and the bundle's own code, in turns.

Run by edge.py with the project's Python: edge_rows.py BUNDLE MODELS. Prints microseconds as JSON.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS, TOGETHER = 4, 100


def took_us(call: Callable[..., Any], *words: Any, **named: Any) -> float:
    """Give the microseconds that a call takes."""
    start = time.perf_counter()
    call(*words, **named)
    return (time.perf_counter() - start) * 1e6


def measured(bundle: Path, models: Path) -> dict[str, float]:
    """Give the median microseconds of a row: raw, alone from text to text, and among others."""
    sys.path.insert(0, str(bundle))
    told = json.loads((bundle / "manifest.json").read_text("utf-8"))
    package = told["package"]
    answers, terms, predictor, spec = (
        importlib.import_module(f"{package}.{name}")
        for name in (
            "serving.edge.answers",
            "serving.edge.terms",
            "serving.predictor",
            "features.spec",
        )
    )
    model = predictor.Predictor(bundle)
    device, names = answers.Answers(model, terms.Terms(**told["terms"])), model.about["features"]
    lines = (models / "examples.jsonl").read_bytes().splitlines()
    kinds = ("raw", "one row alone", "its features", "a row of 100")
    found: dict[str, list[float]] = {kind: [] for kind in kinds}
    for place in range(ROUNDS * len(lines)):
        line = lines[place % len(lines)]
        rows = predictor.to_rows([json.loads(line)])
        row = {"features": spec.matrix(rows, names)}
        found["raw"].append(took_us(model.scorer.session.run, None, row))
        found["one row alone"].append(took_us(device.to, [line], 0, expired=False))
        found["its features"].append(took_us(spec.matrix, rows, names))
        if not place % TOGETHER:
            group = lines[:TOGETHER]
            took = took_us(device.to, group, 0, expired=False)
            found["a row of 100"].append(took / len(group))
    return {name: median(values) for name, values in found.items()}


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), Path(sys.argv[2]))))
