"""The step `gate`: the one look at the test rows, and the verdict on the candidate."""

from dataclasses import dataclass
from typing import Any

from ..console import UserError, run
from ..data.read import read_table
from ..files import read_json, write_json
from ..params import Gate, read_params
from ..places import MODELS, PROCESSED
from .evaluate import EVALUATION, evaluate
from .metrics import better_by, need
from .release import release

METRICS = MODELS / "metrics.json"


@dataclass(frozen=True)
class Check:
    """One demand on the candidate: what was measured, what was asked, and whether it holds."""

    name: str
    value: float
    limit: float
    passed: bool

    def __str__(self) -> str:
        """Say it in one line."""
        verdict = "ok    " if self.passed else "FAILED"
        return f"{verdict} {self.name}: {self.value:.4f}, asked {self.limit:.4f}"


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


def floors(measured: dict[str, float], limits: dict[str, float], where: str) -> list[Check]:
    """Ask each metric for its least value, errors for their greatest."""
    checks = []
    for name, limit in limits.items():
        value = need(measured, name, f"gate.{where}")
        checks.append(Check(f"{where}: {name}", value, limit, better_by(name, value, limit) >= 0))
    return checks


def margins(
    candidate: dict[str, float], baseline: dict[str, float], limits: dict[str, float]
) -> list[Check]:
    """Ask the candidate to beat the baseline by a margin."""
    checks = []
    for name, limit in limits.items():
        gain = better_by(name, need(candidate, name, "gate.over_baseline"), baseline[name])
        checks.append(Check(f"over_baseline: {name}", gain, limit, gain >= limit))
    return checks


def slice_floors(candidate: dict[str, Any], gate: Gate) -> list[Check]:
    """Ask each slice with enough rows for the same least values."""
    checks = []
    for name in gate.slice_floors:
        need(candidate["overall"], name, "gate.slice_floors")
    for part, groups in candidate["slices"].items():
        for group, measured in groups.items():
            known = {name: limit for name, limit in gate.slice_floors.items() if name in measured}
            for check in floors(measured, known, "slice_floors"):
                checks.append(
                    Check(f"{part} {group}: {check.name}", check.value, check.limit, check.passed)
                )
    return checks


def figures(test: dict[str, Any], validation: dict[str, Any], accepted: bool) -> dict[str, Any]:
    """Collect what `dvc metrics` shows: figures only, rounded so that diffs say something."""
    shown: dict[str, Any] = {"accepted": accepted}
    for rows, report in {"test": test, "validation": validation}.items():
        shown[rows] = {
            name: {metric: round(value, 6) for metric, value in report[name]["overall"].items()}
            for name in ("candidate", "baseline")
        }
    return shown


def main() -> None:
    """Measure on the test rows, write the metrics, and release the candidate if it passes."""
    params = read_params()
    test, said = evaluate(read_table(PROCESSED / "test.parquet"), params)
    checks = judge(test["candidate"], test["baseline"], params.gate)
    accepted = all(check.passed for check in checks)
    write_json(METRICS, figures(test, read_json(EVALUATION, "run: dvc repro evaluate"), accepted))
    for check in checks:
        print(f"gate: {check}")
    if not accepted:
        raise UserError("the candidate is refused; models/model.onnx is the one accepted before")
    told = [str(check) for check in checks]
    print(f"gate: accepted as version {release(params, test, said['candidate'], told)}")


if __name__ == "__main__":
    run(main)
