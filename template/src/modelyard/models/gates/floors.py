"""What is asked of the figures: least values, a margin over the baseline, and slice by slice."""

from typing import Any

from ...gate_params import Gate
from ..metrics import better_by, need
from .check import Check


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
        holds = better_by(name, value, limit) >= 0
        checks.append(Check.of(f"{where}: {name}", value, limit, holds))
    return checks


def margins(
    candidate: dict[str, float], baseline: dict[str, float], limits: dict[str, float]
) -> list[Check]:
    """Ask the candidate to beat the baseline by a margin."""
    checks = []
    for name, limit in limits.items():
        gain = better_by(name, need(candidate, name, "gate.over_baseline"), baseline[name])
        checks.append(Check.of(f"over_baseline: {name}", gain, limit, gain >= limit))
    return checks


def slice_floors(candidate: dict[str, Any], gate: Gate) -> list[Check]:
    """Ask each slice with enough rows for the same least values, and name those without."""
    checks = []
    for name in gate.slice_floors:
        need(candidate["overall"], name, "gate.slice_floors")
    for part, groups in candidate["slices"].items():
        small = []
        for group, measured in groups.items():
            known = {name: limit for name, limit in gate.slice_floors.items() if name in measured}
            checks += floors(measured, known, f"{part} {group}: slice_floors")
            small += [group] if len(known) < len(gate.slice_floors) else []
        if small:
            checks.append(too_small(f"{part}: slice_floors", small, gate.min_slice_rows))
    return checks


def too_small(name: str, groups: list[str], least: int, *, demanded: bool = False) -> Check:
    """Say which groups have too few rows for a verdict."""
    note = f"fewer than {least} rows for {', '.join(groups)}"
    return Check(name, "insufficient data", note=note, demanded=demanded)
