"""The candidate's comparison with the model in service and with all accepted versions."""

from typing import Any

import numpy as np

from ....data.read import read_table
from ....data.tables import to_rows
from ....features.table import encoded_target
from ....files import sha256
from ....params import Params
from ....places import FROZEN, MODELS
from ....project import Project
from ....schema.columns import Rows
from ...evaluate import load_scorer
from ...metrics import measure
from ...scorer import Predictions
from ..check import Check
from . import history, serving_model
from .params import History, Serving


class Comparison:
    """A candidate beside earlier versions.

    Args:
        about: what `model.json` would say of the candidate.
        project: the project's own part.
        params: the whole of `params.yaml`.
    """

    def __init__(self, about: dict[str, Any], project: Project, params: Params) -> None:
        self.about, self.project, self.params = about, project, params
        self.serving, self.history = params.gate.section(Serving), params.gate.section(History)
        frozen, schema = read_table(FROZEN), project.schema
        rows, y = to_rows(frozen, schema), encoded_target(frozen, schema).to_numpy()
        scores = load_scorer("candidate", project, params).predict(rows).scores
        measured = measure(schema.target.task, y, scores, params.decision.threshold)
        self.frozen_rows = frozen.height
        self.entry = history.entry(about, sha256(FROZEN), measured)

    def checks(self, rows: Rows, y: np.ndarray, said: Predictions) -> list[Check]:
        """Ask for no sudden loss on the test rows, and for no slow one."""
        return [*self.with_served(rows, y, said), *self.with_history()]

    def with_served(self, rows: Rows, y: np.ndarray, said: Predictions) -> list[Check]:
        """Compare with the model in service, if there is one that can be run on these rows."""
        about = serving_model.read_served(MODELS)
        reason = serving_model.why_not(about, self.about)
        if about is None or reason:
            return [Check("serving", "not comparable", note=reason)]
        schema, metric = self.project.schema, self.params.search.choose_by
        groups = {part.name: part.of(rows) for part in schema.slices}
        before = serving_model.load_served(MODELS, about, self.project).predict(rows)
        judged, least = serving_model.Judged(y, groups, said), self.params.gate.min_slice_rows
        return serving_model.compare(judged, before, metric, self.serving, least)

    def with_history(self) -> list[Check]:
        """Compare with the versions accepted before, on the frozen rows."""
        past = history.before(history.read_versions(), self.entry)
        metric, rows = self.params.search.choose_by, self.frozen_rows
        return history.compare(past, self.entry, rows, metric, self.history)

    def remember(self) -> None:
        """Add the candidate, which was accepted, to the history."""
        history.remember(self.entry)
