"""What automation level 2 adds to the section `gate` of `params.yaml`."""

from typing import Annotated

from pydantic import Field

from ....params_section import Count, Section, Tolerance


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
