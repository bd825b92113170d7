"""Sections of `params.yaml` from automation level 2 on: comparison, retraining, canary."""

from typing import Annotated, Literal

from pydantic import Field

from .params import Params
from .params_sections import Count, Gate, NotNegative, Positive, Section, Share, Tolerance


class Serving(Section):
    """Comparison of a candidate with the serving model."""

    resamples: Annotated[int, Field(ge=100)]
    confidence: Annotated[float, Field(gt=0.5, lt=1)]
    tolerance: Tolerance
    slice_tolerance: Tolerance


class History(Section):
    """Comparison of a candidate with the versions accepted before."""

    last: Count
    tolerance: Tolerance
    first_tolerance: Tolerance
    min_rows: Count


class Retrain(Section):
    """When the pipeline retrains unattended."""

    reasons: list[Literal["calendar", "message", "verdict", "data", "code"]]
    every_days: Count
    cool_down_days: NotNegative


class Canary(Section):
    """Limits for a candidate relative to the serving model, and who approves it for prod."""

    min_rows: Annotated[int, Field(ge=30)]
    max_failed_share: Share
    max_latency_ratio: Annotated[float, Field(ge=1, allow_inf_nan=False)]
    latency_floor_ms: Tolerance
    min_agreement: Annotated[float, Field(ge=-1, le=1)]
    max_psi: Positive
    max_requests: Count
    prod_approval: Literal["required", False]


class ReleaseGate(Gate):
    """Requirements on a candidate, also in comparison with other versions."""

    serving: Serving | None = None
    history: History | None = None


class ReleaseParams(Params):
    """The whole file, with the sections of releases."""

    gate: ReleaseGate
    retrain: Retrain | None = None
    canary: Canary | None = None
