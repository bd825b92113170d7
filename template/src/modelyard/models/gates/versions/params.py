"""Sections `gate.serving` and `gate.history` of `params.yaml`, from automation level 2 on."""

from typing import Annotated

from pydantic import Field

from ....params_section import Count, Section, Tolerance


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
