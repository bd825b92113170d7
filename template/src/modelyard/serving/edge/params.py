"""The section `edge` of `params.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from ...params_section import Count, Section


class Edge(Section):
    """Settings of a bundle for a device."""

    fallback: str | Annotated[float, Field(strict=True, allow_inf_nan=False)]
    max_age_days: Count
    after_expiry: Literal["warn", "fallback", "refuse"]
    log_rows: Annotated[int, Field(ge=0, le=1_000_000)]
    log_row_bytes: Annotated[int, Field(ge=256, le=65_536)]
