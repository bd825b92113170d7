"""Adapter of the edge target for the contract of all targets: a bundle, run as on a device."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..files import read_json
from ..project import Project
from ..serving.edge.bundle import build
from ..serving.predictor import Predictor, Row
from ..settings import Settings


class Edge:
    """A bundle of the accepted model."""

    name = "edge"

    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self.bundle = project, folder / "bundle"
        models = Settings.read().model_dir
        build(project, self.bundle, models, key="")
        self.day = read_json(models / "model.json", "run: dvc repro")["trained_as_of"]

    def predictions(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Return the prediction of each row, with the version of the model."""
        found = self.answers(rows)
        return [{k: v for k, v in one.items() if k != "ignored_columns"} for one in found]

    def faulty_columns(self, rows: Sequence[Row]) -> list[set[str]]:
        """Return the columns for which each row gets the fallback."""
        answers = self.answers(rows)
        return [{v["column"] for v in one.get("faults", [])} for one in answers]

    def answers(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Run the bundle, without a log, as of the day of its training."""
        own = {"AS_OF": self.day, "EDGE_LOG": "off", "EDGE_SIGNING_KEY": ""}
        done = subprocess.run(
            [sys.executable, str(self.bundle / "run.py")],
            input=b"".join(json.dumps(row).encode() + b"\n" for row in rows),
            capture_output=True,
            env=os.environ | own,
        )
        output = done.stderr.decode()
        assert done.returncode == 0, f"edge: the bundle ends with {done.returncode}: {output}"
        return [json.loads(line) for line in done.stdout.splitlines()]

    def check_own(self, predictor: Predictor, rows: Sequence[Row]) -> None:
        """Check that an invalid row gets the flagged fallback, and the next row its score."""
        bad, good = self.answers([{}, rows[0]])
        flagged = [one.get("fallback") for one in (bad, good)]
        assert flagged == [True, None], (
            f"params.yaml: edge.fallback is not what an empty row gets: {bad}"
        )
