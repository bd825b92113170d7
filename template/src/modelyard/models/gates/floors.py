"""Checks of metrics: floors, margin over the baseline, floors by slice."""

from typing import Any

from ...params_sections import Gate
from ..metrics import get_metric, improvement
from .check import Check


def metric_checks(candidate: dict[str, Any], baseline: dict[str, Any], gate: Gate) -> list[Check]:
    """Return the checks of the report of a candidate, beside that of the baseline."""
    return [
        *floors(candidate["overall"], gate.floors, "floors"),
        *margins(candidate["overall"], baseline["overall"], gate.over_baseline),
        *slice_floors(candidate, gate),
    ]


def floors(measured: dict[str, float], limits: dict[str, float], where: str) -> list[Check]:
    """Return a check of each metric against its floor, for errors the maximum."""
    checks = []
    for name, limit in limits.items():
        value = get_metric(measured, name, f"gate.{where}")
        holds = improvement(name, value, limit) >= 0
        checks.append(Check.of(f"{where}: {name}", value, limit, holds))
    return checks


def margins(
    candidate: dict[str, float], baseline: dict[str, float], limits: dict[str, float]
) -> list[Check]:
    """Return the checks that the candidate is better than the baseline by a margin."""
    checks = []
    for name, limit in limits.items():
        gain = improvement(name, get_metric(candidate, name, "gate.over_baseline"), baseline[name])
        checks.append(Check.of(f"over_baseline: {name}", gain, limit, gain >= limit))
    return checks


def slice_floors(candidate: dict[str, Any], gate: Gate) -> list[Check]:
    """Return the checks of the floors by slice, and the groups with too few rows."""
    checks = []
    for name in gate.slice_floors:
        get_metric(candidate["overall"], name, "gate.slice_floors")
    for slice_name, groups in candidate["slices"].items():
        small = []
        for group, measured in groups.items():
            known = {name: limit for name, limit in gate.slice_floors.items() if name in measured}
            checks += floors(measured, known, f"{slice_name} {group}: slice_floors")
            small += [group] if len(known) < len(gate.slice_floors) else []
        if small:
            checks.append(too_few_rows(f"{slice_name}: slice_floors", small, gate.min_slice_rows))
    return checks


def too_few_rows(name: str, groups: list[str], least: int, *, required: bool = False) -> Check:
    """Return the check of groups that have too few rows."""
    note = f"fewer than {least} rows for {', '.join(groups)}"
    return Check(name, "insufficient data", note=note, required=required)
