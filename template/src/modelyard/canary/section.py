"""The section `canary` of `params.yaml`."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from ..section import Count, Positive, Section, Share, Tolerance


class Canary(Section):
    """How far a candidate may be from the model in service, and how and by whom it takes over."""

    min_rows: Annotated[int, Field(ge=30)]
    max_failed_share: Share
    max_latency_ratio: Annotated[float, Field(ge=1, allow_inf_nan=False)]
    latency_floor_ms: Tolerance
    min_agreement: Annotated[float, Field(ge=-1, le=1)]
    max_psi: Positive
    steps: Annotated[list[Annotated[float, Field(gt=0, le=1)]], Field(min_length=1)]
    step_requests: Count
    prod_approval: Literal["required", False]

    @field_validator("steps")
    @classmethod
    def _rise(cls, steps: list[float]) -> list[float]:
        if steps != sorted(set(steps)) or steps[-1] != 1:
            raise ValueError("the shares must rise and end with 1")
        return steps
