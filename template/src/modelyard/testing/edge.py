"""The edge target as the contract of all targets sees it: a bundle, run as a device would."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..files import read_json
from ..project import Project
from ..serving.edge.build import build
from ..serving.predictor import Predictor
from ..settings import Settings
from .assertions import require

Row = Mapping[str, Any]


class Edge:
    """A bundle of the accepted model."""

    name = "edge"

    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self.bundle = project, folder / "bundle"
        models = Settings.read().model_dir
        build(project, self.bundle, models, key="")
        self.day = read_json(models / "model.json", "run: dvc repro")["trained_as_of"]

    def predictions(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Give each row's prediction, with the version of the model."""
        return [without(answer, "ignored_columns") for answer in self.answers(rows)]

    def faulty_columns(self, rows: Sequence[Row]) -> list[set[str]]:
        """Name the columns for which each row gets the fallback."""
        told = self.answers(rows)
        return [{fault["column"] for fault in one.get("faults", [])} for one in told]

    def answers(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Run the bundle, without a log and on the day of its training."""
        own = {"AS_OF": self.day, "EDGE_LOG": "off", "EDGE_SIGNING_KEY": ""}
        done = subprocess.run(
            [sys.executable, str(self.bundle / "run.py")],
            input=b"".join(json.dumps(row).encode() + b"\n" for row in rows),
            capture_output=True,
            env=os.environ | own,
        )
        said = done.stderr.decode()
        require(done.returncode == 0, f"edge: the bundle ends with {done.returncode}: {said}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def check_own(self, predictor: Predictor, rows: Sequence[Row]) -> None:
        """Check that a line that is no row gets the fallback, flagged, and the next its score."""
        bad, good = self.answers([{}, rows[0]])
        require(
            bad.get("fallback") is True and "fallback" not in good,
            f"params.yaml: edge.fallback is not what an empty row gets: {bad}",
        )


def without(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """Leave something out of an answer."""
    return {key: value for key, value in answer.items() if key != name}


def open_target(project: Project, folder: Path) -> Edge:
    """Open the target."""
    return Edge(project, folder)
