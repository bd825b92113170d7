"""The step `gate`: the one look at the test rows, and the verdict on the candidate."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ..choices import read_choices
from ..console import UserError
from ..data.read import read_table
from ..data.tables import to_rows
from ..features.table import encoded_target
from ..files import read_json, sha256, write_json
from ..params import Params, read_params
from ..places import FEATURES, MODELS, PROCESSED
from ..project import Project
from ..schema.columns import Rows
from ..schema.contract import Schema
from .evaluate import EVALUATION, evaluate, load_scorer
from .gates import holdout_ledger
from .gates.budget import budget
from .gates.check import Check
from .gates.fairness import fair
from .gates.floors import judge
from .gates.report import check_table, write_report
from .release import describe, release
from .scorer import Predictions

if TYPE_CHECKING:
    from .gates.versions.compare import Comparison

METRICS = MODELS / "metrics.json"
TEST = PROCESSED / "test.parquet"
About = dict[str, Any]


def figures(test: dict[str, Any], validation: dict[str, Any], accepted: bool) -> dict[str, Any]:
    """Collect what `dvc metrics` shows: figures only, rounded so that diffs say something."""
    shown: dict[str, Any] = {"accepted": accepted}
    for rows, report in {"test": test, "validation": validation}.items():
        shown[rows] = {
            name: {metric: round(value, 6) for metric, value in report[name]["overall"].items()}
            for name in ("candidate", "baseline")
        }
    return shown


def open_rows(schema: Schema, params: Params) -> About:
    """Write down that the test rows are read; say what `model.json` would say of the candidate.

    Raises:
        UserError: too many candidates were judged on these rows.
    """
    digest, most = sha256(MODELS / "candidate.onnx"), params.gate.test_rows.candidates
    number = holdout_ledger.open_rows(sha256(TEST), digest, most)
    print(f"gate: candidate {number} of at most {most} on these test rows")
    spec = read_json(FEATURES / "spec.json", "run: dvc repro features")
    return describe(digest, spec, schema, params)


def conclude(
    checks: list[Check],
    about: About,
    test: dict[str, Any],
    said: Predictions,
    schema: Schema,
    params: Params,
) -> str:
    """Write figures and report, then release the candidate; return its version.

    Raises:
        UserError: it is refused; nothing that serves was touched.
    """
    accepted = not any(check.refuses for check in checks)
    write_json(METRICS, figures(test, read_json(EVALUATION, "run: dvc repro evaluate"), accepted))
    write_report(about, checks)
    for check in checks:
        print(f"gate: {check}")
    if not accepted:
        raise UserError("the candidate is refused; models/model.onnx is the one accepted before")
    return release(about, test, said, check_table(checks), schema, params.features.bins)


def on_rows(
    rows: Rows, y: np.ndarray, said: Predictions, project: Project, params: Params
) -> list[Check]:
    """Ask what needs the rows themselves: fairness among protected groups, and the budget."""
    schema, gate = project.schema, params.gate
    groups = {part.name: part.of(rows) for part in schema.slices if part.protected}
    size = (MODELS / "candidate.onnx").stat().st_size
    scorer = load_scorer("candidate", project, params)
    return [*fair(y, groups, said, gate.fairness), *budget(scorer, size, rows, gate.budget)]


def earlier_versions(about: About, project: Project, params: Params) -> "Comparison | None":
    """Give the comparison with earlier versions, which is made from automation level 2 on."""
    if read_choices().level < 2:
        return None
    from .gates.versions.compare import Comparison

    return Comparison(about, project, params)


def main(project: Project) -> None:
    """Judge the candidate on the test rows, and release it if it passes."""
    params, schema = read_params(), project.schema
    about = open_rows(schema, params)
    table, earlier = read_table(TEST), earlier_versions(about, project, params)
    test, said = evaluate(table, project, params)
    checks = judge(test["candidate"], test["baseline"], params.gate)
    rows, y = to_rows(table, schema), encoded_target(table, schema).to_numpy()
    checks += on_rows(rows, y, said["candidate"], project, params)
    if earlier:
        checks += earlier.checks(rows, y, said["candidate"])
    version = conclude(checks, about, test, said["candidate"], schema, params)
    print(f"gate: accepted as version {version}")
    if earlier:
        earlier.remember()
