"""The sides that are compared: how each is started, and what it validates."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.serving.environments import HERE, python_for
from benchmarks.serving.trained import Trained


@dataclass(frozen=True)
class Side:
    """One way to serve the model.

    Attributes:
        name: its name in the results and on the command line.
        label: its label in tables and pictures.
        command: the command, with placeholders such as {python}, {port} and {apps}.
        validates: what it checks before it predicts.
        requirements: the file that lists its packages; empty: the project's own.
        ready: the path that responds once it is ready.
        path: the path for predictions.
        envelope: the key of the rows in the body.
    """

    name: str
    label: str
    command: str
    validates: str
    requirements: str = ""
    ready: str = ""
    path: str = "/predict"
    envelope: str = "rows"

    def words(self, project: Trained, **values: Any) -> list[str]:
        """Return the command, with the Python that has the side's packages."""
        filled = {
            "python": python_for(self.requirements, project),
            "models": project.folder / "models",
            "apps": HERE / "apps",
        }
        return [word.format(**filled, **values) for word in self.command.split()]

    def request(self, rows: list[dict[str, Any]]) -> bytes:
        """Return an HTTP request for predictions."""
        body = json.dumps({self.envelope: rows}).encode()
        head = f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


EVERY_VALUE = "each value: type, range, category, missing; unknown columns; its size"
NOTHING = "nothing"

REST = (
    Side(
        "ours",
        "Modelyard REST",
        "{python} -m modelyard serve --port {port}",
        f"{EVERY_VALUE}; the body's bytes, rows, time; the load",
        ready="/ready",
    ),
    Side(
        "bare",
        "bare FastAPI + InferenceSession.run",
        "{python} {apps}/rest_bare.py {port} {body}",
        "nothing: the body is not read, the features are made ahead",
        ready="/openapi.json",
    ),
    Side(
        "scikit-learn",
        "FastAPI + scikit-learn",
        "{python} {apps}/rest_sklearn.py {port}",
        "that rows are a list of objects",
        requirements="scikit-learn",
        ready="/openapi.json",
    ),
    Side(
        "litserve",
        "LitServe",
        "{python} {apps}/rest_litserve.py {port}",
        "that the body is JSON",
        requirements="litserve",
        ready="/health",
    ),
    Side(
        "bentoml",
        "BentoML",
        "{python} -m bentoml serve rest_bentoml:Served --working-dir {apps}"
        " --host 127.0.0.1 --port {port}",
        "that rows are a list of objects",
        requirements="bentoml",
        ready="/readyz",
    ),
    Side(
        "mlflow",
        "mlflow models serve",
        "{python} {apps}/rest_mlflow.py {port}",
        "that the rows make a table; the model has no signature",
        requirements="mlflow",
        ready="/ping",
        path="/invocations",
        envelope="dataframe_records",
    ),
)

BATCH = (
    Side(
        "ours",
        "Modelyard batch",
        "{python} -m modelyard score {rows} {out}",
        f"{EVERY_VALUE}; what breaks a rule goes to a file of its own",
    ),
    Side(
        "raw",
        "InferenceSession.run on an array in memory",
        "{python} {apps}/batch_raw.py {models}/model.onnx {features} {rows} {out}",
        "nothing: reads no file, makes no features, writes none in the time that counts",
    ),
    Side(
        "polars",
        "Polars + scikit-learn",
        "{python} {apps}/batch_polars.py {rows} {out}",
        NOTHING,
        requirements="polars",
    ),
    Side(
        "pandas",
        "pandas + scikit-learn",
        "{python} {apps}/batch_pandas.py {rows} {out}",
        NOTHING,
        requirements="pandas",
    ),
    Side(
        "ray",
        "Ray Data + ONNX Runtime",
        "{python} {apps}/batch_ray.py {rows} {out}",
        NOTHING,
        requirements="ray",
    ),
)

EDGE = (
    Side("one row alone", "edge, a row that comes alone", "", f"{EVERY_VALUE}; the line is JSON"),
    Side("a row of 100", "edge, a row among 100 that come together", "", "the same"),
    Side("raw", "InferenceSession.run of one row's array", "", NOTHING),
)

ALL = {"rest": REST, "batch": BATCH, "edge": EDGE}
NAMES = sorted({side.name for sides in (REST, BATCH) for side in sides} - {"ours"})


def chosen(sides: tuple[Side, ...], peers: list[str]) -> list[Side]:
    """Return ours and the chosen peers."""
    return [side for side in sides if side.name in ["ours", *peers]]


def write_body(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write the body of a request to ours."""
    path.write_text(json.dumps({"rows": rows}) + os.linesep, "utf-8")
    return path
