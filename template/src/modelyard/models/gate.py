"""Stage `gate`: evaluate the candidate on the test set; accept or refuse it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ..choices import read_choices
from ..console import UserError
from ..data.read import read_table
from ..data.tables import to_rows
from ..evidence.ledger import note
from ..features.table import encoded_target
from ..files import read_json, sha256, write_bytes, write_json
from ..params import Params, read_params
from ..places import FEATURES, MODELS, PROCESSED, REPORTS
from ..project import Project
from ..schema.columns import Rows
from ..schema.contract import Schema
from .evaluate import EVALUATION, evaluate, load_scorer
from .gates import holdout_ledger
from .gates.budget import budget_checks
from .gates.check import Check, check_table, markdown
from .gates.fairness import fairness_checks
from .gates.floors import metric_checks
from .release import metadata, release, trained_on
from .scorer import Predictions

if TYPE_CHECKING:
    from .gates.versions.compare import Comparison

METRICS = MODELS / "metrics.json"
TEST = PROCESSED / "test.parquet"
Json = dict[str, Any]


def summary(test: Json, validation: Json, accepted: bool) -> Json:
    """Return the content of `models/metrics.json` for `dvc metrics`, rounded for readable diffs."""
    result: dict[str, Any] = {"accepted": accepted}
    for rows, report in {"test": test, "validation": validation}.items():
        result[rows] = {
            name: {metric: round(value, 6) for metric, value in report[name]["overall"].items()}
            for name in ("candidate", "baseline")
        }
    return result


def record_test_set_use(schema: Schema, params: Params) -> Json:
    """Record the use of the test set; return the content of `model.json` for the candidate."""
    digest, most = sha256(MODELS / "candidate.onnx"), params.gate.test_rows.candidates
    number = holdout_ledger.record_use(sha256(TEST), digest, most)
    print(f"gate: candidate {number} of at most {most} on this test set")
    spec = read_json(FEATURES / "spec.json", "run: dvc repro features")
    return metadata(digest, spec, schema, params)


def finish(
    checks: list[Check],
    model_info: Json,
    test: dict[str, Any],
    predictions: Predictions,
    schema: Schema,
    params: Params,
) -> str:
    """Write metrics and report, then release the candidate; return its version.

    Raises:
        UserError: the candidate is refused; the serving model is unchanged.
    """
    accepted = not any(check.refuses for check in checks)
    note(**{check.name: (check.outcome, check.limit) for check in checks})
    write_json(METRICS, summary(test, read_json(EVALUATION, "run: dvc repro evaluate"), accepted))
    page = markdown(model_info, trained_on(model_info, schema), checks)
    write_bytes(REPORTS / "gate.md", page.encode())
    for check in checks:
        print(f"gate: {check}")
    if not accepted:
        raise UserError("the candidate is refused; models/model.onnx is the one accepted before")
    return release(model_info, test, predictions, check_table(checks), schema, params.features.bins)


def row_checks(
    rows: Rows, y: np.ndarray, predictions: Predictions, project: Project, params: Params
) -> list[Check]:
    """Return the checks that need the rows: fairness between protected groups, and the budget."""
    schema, gate = project.schema, params.gate
    groups = {one.name: one.assign_groups(rows) for one in schema.slices if one.protected}
    size = (MODELS / "candidate.onnx").stat().st_size
    scorer = load_scorer("candidate", project, params)
    checks = fairness_checks(y, groups, predictions, gate.fairness)
    return checks + budget_checks(scorer, size, rows, gate.budget)


def compare_versions(model_info: Json, project: Project, params: Params) -> "Comparison | None":
    """Return the comparison with earlier versions; None below automation level 2."""
    if read_choices().level < 2:
        return None
    from .gates.versions.compare import Comparison

    return Comparison(model_info, project, params)


def main(project: Project) -> None:
    """Evaluate the candidate on the test set; release it if it passes all checks."""
    params, schema = read_params(), project.schema
    model_info = record_test_set_use(schema, params)
    table, earlier = read_table(TEST), compare_versions(model_info, project, params)
    test, predictions = evaluate(table, project, params)
    checks = metric_checks(test["candidate"], test["baseline"], params.gate)
    rows, y = to_rows(table, schema), encoded_target(table, schema).to_numpy()
    checks += row_checks(rows, y, predictions["candidate"], project, params)
    if earlier:
        checks += earlier.checks(rows, y, predictions["candidate"])
        models = {name: load_scorer(name, project, params) for name in ("candidate", "baseline")}
        earlier.write_page(checks, models, rows, y)
    version = finish(checks, model_info, test, predictions["candidate"], schema, params)
    print(f"gate: accepted as version {version}")
    if earlier:
        earlier.record()
