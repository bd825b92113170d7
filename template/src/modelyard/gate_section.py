"""The section `gate` of `params.yaml`."""

from typing import Annotated

from pydantic import Field

from .section import Count, Positive, Section, Tolerance


class Serving(Section):
    """How far a candidate may fall behind the model in service."""

    resamples: Annotated[int, Field(ge=100)]
    confidence: Annotated[float, Field(gt=0.5, lt=1)]
    tolerance: Tolerance
    slice_tolerance: Tolerance


class History(Section):
    """How far it may fall behind the versions accepted before."""

    last: Count
    tolerance: Tolerance
    first_tolerance: Tolerance
    min_rows: Count


class Sealed(Section):
    """How often the sealed rows may be used."""

    candidates: Count


class Fairness(Section):
    """How differently protected groups may be treated."""

    limits: dict[str, float]
    min_group_rows: Count


class Budget(Section):
    """What a model may cost."""

    bytes: Count
    row: Positive
    thousand_rows: Positive


class Gate(Section):
    """What a candidate must reach."""

    floors: dict[str, float]
    over_baseline: dict[str, float]
    slice_floors: dict[str, float]
    min_slice_rows: Count
    max_parity_gap: Annotated[float, Field(gt=0)]
    serving: Serving
    history: History
    fairness: Fairness
    budget: Budget
    test_rows: Sealed
