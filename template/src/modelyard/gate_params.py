"""The section `gate` of `params.yaml`."""

from typing import Annotated, ClassVar

from pydantic import Field

from .params_section import Count, Positive, Section


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
    """What a candidate must reach; from automation level 2 on `serving` and `history` beside it."""

    PATH: ClassVar[str] = "gate."

    floors: dict[str, float]
    over_baseline: dict[str, float]
    slice_floors: dict[str, float]
    min_slice_rows: Count
    max_parity_gap: Annotated[float, Field(gt=0)]
    fairness: Fairness
    budget: Budget
    test_rows: Sealed
