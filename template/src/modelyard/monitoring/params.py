"""The section `monitoring` of `params.yaml`."""

from typing import Annotated

from pydantic import Field

from ..params_section import Count, Section, Share


class Monitoring(Section):
    """When retraining of the serving model is due, and what is an incident."""

    window_days: Count
    min_rows: Count
    min_labels: Count
    max_psi: Annotated[float, Field(gt=0)]
    max_fall: dict[str, Annotated[float, Field(ge=0)]]
    floors: dict[str, float]
    max_age_days: Count
    cool_down_days: Annotated[int, Field(ge=0)]
    max_broken_share: Share
    max_silent_days: Count
