"""The section `canary` of `params.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from ..params_section import Count, Positive, Section, Share, Tolerance


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
