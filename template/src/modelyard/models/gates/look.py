"""What needs the rows themselves: the model in service, protected groups, versions, the budget."""

from typing import Any

import polars as pl

from ...data.tables import to_rows
from ...features.table import encoded_target
from ...files import sha256
from ...params import Params
from ...places import FROZEN, MODELS
from ...project import Project
from ...schema.columns import Rows
from ..evaluate import load_scorer
from ..metrics import measure
from . import history, serving
from .budget import budget
from .check import Check
from .fairness import fair

About = dict[str, Any]


def look(test: pl.DataFrame, about: About, project: Project, params: Params) -> list[Check]:
    """Ask the candidate all that needs the test rows.

    Args:
        test: the test rows.
        about: what `model.json` would say of the candidate.
        project: the project's own part.
        params: the whole of `params.yaml`.
    """
    schema = project.schema
    rows, y = to_rows(test, schema), encoded_target(test, schema).to_numpy()
    groups = {part.name: part.of(rows) for part in schema.slices}
    guarded = {part.name: groups[part.name] for part in schema.slices if part.protected}
    scorer, gate = load_scorer("candidate", project, params), params.gate
    judged = serving.Judged(y, groups, scorer.predict(rows))
    size = (MODELS / "candidate.onnx").stat().st_size
    return [
        *against_served(rows, judged, about, project, params),
        *fair(y, guarded, judged.said, gate.fairness),
        *budget(scorer, size, rows, gate.budget),
    ]


def against_served(
    rows: Rows, candidate: serving.Judged, about: About, project: Project, params: Params
) -> list[Check]:
    """Compare with the model in service, if there is one that can be run on these rows."""
    served = serving.read_served(MODELS)
    reason = serving.why_not(served, about)
    if served is None or reason:
        return [Check("serving", "not comparable", note=reason)]
    said = serving.load_served(MODELS, served, project).predict(rows)
    return serving.compare(candidate, said, params.search.choose_by, params.gate)


def over_time(new: history.Entry, frozen: pl.DataFrame, params: Params) -> list[Check]:
    """Compare with the versions accepted before, on the frozen rows."""
    past = history.before(history.read_versions(), new)
    return history.compare(past, new, frozen.height, params.search.choose_by, params.gate.history)


def remembered(
    frozen: pl.DataFrame, about: About, project: Project, params: Params
) -> history.Entry:
    """Say what the history remembers of the candidate: its metrics on the frozen rows."""
    said = load_scorer("candidate", project, params).predict(to_rows(frozen, project.schema))
    y = encoded_target(frozen, project.schema).to_numpy()
    task, threshold = project.schema.target.task, params.decision.threshold
    measured = measure(task, y, said.scores, threshold)
    return history.entry(about, sha256(FROZEN), measured)
