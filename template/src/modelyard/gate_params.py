"""Section `gate` of `params.yaml`."""

from typing import Annotated, ClassVar

from pydantic import Field

from .params_section import Count, Positive, Section


class TestRows(Section):
    """Limit on the use of the test set."""

    candidates: Count


class Fairness(Section):
    """Limits on the differences between protected groups."""

    limits: dict[str, float]
    min_group_rows: Count


class Budget(Section):
    """Limits on the size and the latency of a model."""

    bytes: Count
    row: Positive
    thousand_rows: Positive


class Gate(Section):
    """Requirements on a candidate; automation level 2 adds `serving` and `history`."""

    PATH: ClassVar[str] = "gate."

    floors: dict[str, float]
    over_baseline: dict[str, float]
    slice_floors: dict[str, float]
    min_slice_rows: Count
    max_parity_gap: Annotated[float, Field(gt=0)]
    fairness: Fairness
    budget: Budget
    test_rows: TestRows
