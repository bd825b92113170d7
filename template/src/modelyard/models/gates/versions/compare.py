"""Compare the candidate with the serving model and with all accepted versions."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from ....data.read import read_table
from ....data.tables import to_rows
from ....features.table import encoded_target
from ....files import sha256, write_bytes
from ....params import Params
from ....params_sections import History, Serving
from ....places import FROZEN, MODELS, REPORTS
from ....project import Project
from ....schema.columns import Rows
from ...evaluate import load_scorer
from ...metrics import measure
from ...scorer import Predictions, Scorer
from ..check import Check
from . import history, serving_model
from .page import page

SERVING_DIR = "SERVING_DIR"  # variable: folder of the model that serves; by default `models/`


class Comparison:
    """Comparison of a candidate with earlier versions."""

    def __init__(self, model_info: dict[str, Any], project: Project, params: Params) -> None:
        self.model_info, self.project, self.params = model_info, project, params
        self.served: Scorer | None = None  # known after `checks`
        self.serving, self.history = params.gate.section(Serving), params.gate.section(History)
        frozen, schema = read_table(FROZEN), project.schema
        rows, y = to_rows(frozen, schema), encoded_target(frozen, schema).to_numpy()
        scores = load_scorer("candidate", project, params).predict(rows).scores
        measured = measure(schema.target.task, y, scores, params.decision.threshold)
        self.frozen_rows = frozen.height
        self.entry = history.make_entry(model_info, sha256(FROZEN), measured)

    def checks(self, rows: Rows, y: np.ndarray, predictions: Predictions) -> list[Check]:
        """Return the checks against a sudden drop and against a slow decline."""
        return [*self.against_serving(rows, y, predictions), *self.against_history()]

    def write_page(
        self, checks: list[Check], models: dict[str, Scorer], rows: Rows, y: np.ndarray
    ) -> None:
        """Write `reports/gate.html` about the candidate and the models it is compared with."""
        models |= {"serving": self.served} if self.served else {}
        drawn = page(self.model_info["version"], checks, models, rows, y)
        write_bytes(REPORTS / "gate.html", drawn.encode())

    def against_serving(self, rows: Rows, y: np.ndarray, predictions: Predictions) -> list[Check]:
        """Compare with the serving model on the test set, if the models are comparable."""
        folder = Path(os.environ.get(SERVING_DIR) or MODELS)
        serving = serving_model.read_serving_model(folder)
        reason = serving_model.incomparable_reason(serving, self.model_info)
        if serving is None or reason:
            return [Check("serving", "not comparable", note=reason)]
        metric, least = self.params.search.choose_by, self.params.gate.min_slice_rows
        groups = {one.name: one.assign_groups(rows) for one in self.project.schema.slices}
        self.served = serving_model.load_serving_model(folder, serving, self.project)
        candidate, served = (
            serving_model.Evaluation(y, groups, predictions),
            self.served.predict(rows),
        )
        return serving_model.compare(candidate, served, metric, self.serving, least)

    def against_history(self) -> list[Check]:
        """Compare with the versions accepted before, on the frozen rows."""
        past = history.comparable_versions(history.read_versions(), self.entry)
        metric, rows = self.params.search.choose_by, self.frozen_rows
        return history.compare(past, self.entry, rows, metric, self.history)

    def record(self) -> None:
        """Append the accepted candidate to the history."""
        history.append_version(self.entry)
