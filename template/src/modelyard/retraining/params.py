"""The section `retrain` of `params.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from ..params_section import Count, Section


class Retrain(Section):
    """When the pipeline retrains unattended."""

    reasons: list[Literal["calendar", "message", "verdict", "data", "code"]]
    every_days: Count
    cool_down_days: Annotated[int, Field(ge=0)]
