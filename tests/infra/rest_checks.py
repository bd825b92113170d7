"""Checks that Schemathesis makes besides its own, given to it by SCHEMATHESIS_HOOKS."""

from datetime import datetime
from typing import Any

import schemathesis


@schemathesis.check
def valid_rows_are_predicted(_: Any, response: Any, case: Any) -> None:
    """Demand 200 for what the OpenAPI document allows.

    One thing no pattern can say: whether a day such as the 31st is in its month's calendar.
    """
    if case.operation.path != "/predict" or not case.meta.generation.mode.is_positive:
        return
    faults = response.json().get("faults", []) if response.status_code == 422 else []
    assert response.status_code == 200 or (faults and all(map(impossible_day, faults))), faults[:3]


def impossible_day(fault: dict[str, Any]) -> bool:
    """Tell whether a fault is a time that no calendar has."""
    try:
        datetime.fromisoformat(str(fault["found"]))
    except ValueError:
        return "date and time" in fault["allowed"]
    return False
