"""Sections of `params.yaml` that no stage of the pipeline reads: `runtime.json` leaves them out."""

from typing import Annotated, Literal

from pydantic import Field

from .params_sections import Count, NotNegative, Section, Share


class Monitoring(Section):
    """When retraining of the serving model is due, and what is an incident."""

    window_days: Count
    min_rows: Count
    min_labels: Count
    max_psi: Annotated[float, Field(gt=0)]
    max_fall: dict[str, Annotated[float, Field(ge=0)]]
    floors: dict[str, float]
    max_age_days: Count
    cool_down_days: NotNegative
    max_broken_share: Share
    max_silent_days: Count


class Batch(Section):
    """Limits of a batch run."""

    max_rejected_share: Share


class Edge(Section):
    """Settings of a bundle for a device."""

    fallback: str | Annotated[float, Field(strict=True, allow_inf_nan=False)]
    max_age_days: Count
    after_expiry: Literal["warn", "fallback", "refuse"]
    log_rows: Annotated[int, Field(ge=0, le=1_000_000)]
    log_row_bytes: Annotated[int, Field(ge=256, le=65_536)]
