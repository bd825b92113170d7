"""The step `gate`: the one look at the test rows, and the verdict on the candidate."""

from typing import Any

from ..console import UserError
from ..data.read import read_table
from ..files import read_json, sha256, write_json
from ..gate_section import Gate
from ..params import Params, read_params
from ..places import FEATURES, FROZEN, MODELS, PROCESSED
from ..project import Project
from ..schema.contract import Schema
from .evaluate import EVALUATION, evaluate
from .gates import history, ledger
from .gates.check import Check
from .gates.floors import floors, margins, slice_floors
from .gates.look import look, over_time, remembered
from .gates.report import write_report
from .release import describe, release
from .scorer import Predictions

METRICS = MODELS / "metrics.json"
TEST = PROCESSED / "test.parquet"
About = dict[str, Any]


def judge(candidate: dict[str, Any], baseline: dict[str, Any], gate: Gate) -> list[Check]:
    """Compare a candidate's report with the floors, with the baseline and slice by slice.

    Args:
        candidate: `overall` and `slices`, as `evaluate.report` gives them.
        baseline: the same for the baseline, on the same rows.
        gate: the section of `params.yaml`.

    Raises:
        UserError: a metric does not exist for this task.
    """
    return [
        *floors(candidate["overall"], gate.floors, "floors"),
        *margins(candidate["overall"], baseline["overall"], gate.over_baseline),
        *slice_floors(candidate, gate),
    ]


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
    number = ledger.open_rows(sha256(TEST), digest, most)
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
    lasting = [check.lasting for check in checks]
    return release(about, test, said, lasting, schema, params.features.bins)


def main(project: Project) -> None:
    """Judge the candidate on the test rows and the frozen ones, and release it if it passes."""
    params, schema = read_params(), project.schema
    about = open_rows(schema, params)
    table, frozen = read_table(TEST), read_table(FROZEN)
    test, said = evaluate(table, project, params)
    new = remembered(frozen, about, project, params)
    checks = judge(test["candidate"], test["baseline"], params.gate)
    checks += look(table, about, project, params) + over_time(new, frozen, params)
    version = conclude(checks, about, test, said["candidate"], schema, params)
    print(f"gate: accepted as version {version}")
    history.remember(new)
