"""Sections of `params.yaml` that the pipeline reads: their settings, with the allowed values."""

from datetime import date
from importlib import import_module
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from .console import UserError

Share = Annotated[float, Field(ge=0, le=1)]
Fraction = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Tolerance = Annotated[float, Field(ge=0, allow_inf_nan=False)]
SectionT = TypeVar("SectionT", bound="Section")


class Section(BaseModel):
    """A section of `params.yaml`; unknown names are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    PATH: ClassVar[str] = ""

    def section(self, kind: type[SectionT]) -> SectionT:
        """Return an optional section by its class.

        Raises:
            UserError: the section is missing.
        """
        name = kind.__name__.lower()
        found = getattr(self, name, None)
        if not isinstance(found, kind):
            raise UserError(f"params.yaml: {self.PATH}{name} is missing")
        return found


class Data(Section):
    """Snapshot of the data, and the accepted share of invalid rows."""

    as_of: date
    max_rejected_share: Share


class Split(Section):
    """Shares of the rows in each split."""

    validation: Fraction
    test: Fraction
    frozen: Annotated[float, Field(gt=0, le=1)]

    @model_validator(mode="after")
    def _leave_rows(self) -> Self:
        if self.validation + self.test >= 1:
            raise ValueError("validation and test leave no rows for training")
        return self


class Features(Section):
    """Statistics of the training rows."""

    bins: Annotated[int, Field(ge=2, le=50)]


class Train(Section):
    """Training of a model."""

    seed: NotNegative
    rounds: Count
    checkpoint_every: Count
    divergence: Annotated[float, Field(gt=1)]
    candidate: dict[str, JsonValue]


class Search(Section):
    """Search for the settings of the candidate."""

    trials: Count
    choose_by: str
    space: dict[str, list[JsonValue]]


class Decision(Section):
    """Decision from a score to a label."""

    threshold: Share


class TestRows(Section):
    """Limit on the use of the test set."""

    candidates: Count


class Fairness(Section):
    """Limits on the differences between protected groups."""

    limits: dict[str, float]
    min_group_rows: Count


class Budget(Section):
    """Limits on the size and the latency of a model."""

    bytes: Count
    row: Positive
    thousand_rows: Positive


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


class Gate(Section):
    """Requirements on a candidate; automation level 2 adds `serving` and `history`."""

    PATH: ClassVar[str] = "gate."

    floors: dict[str, float]
    over_baseline: dict[str, float]
    slice_floors: dict[str, float]
    min_slice_rows: Count
    max_parity_gap: Annotated[float, Field(gt=0)]
    fairness: Fairness
    budget: Budget
    test_rows: TestRows
    serving: Serving | None = None
    history: History | None = None


def __getattr__(name: str) -> Any:
    """Return a section of `params_operation`, for code that imports it from here."""
    return getattr(import_module(f"{__package__}.params_operation"), name)
