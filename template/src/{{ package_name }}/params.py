"""A typed view of `params.yaml`: what changes the model."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from .canary_section import Canary
from .console import UserError
from .gate_sections import Gate
from .section import Count, Part, Section, Share, complaint, names

Setting = str | int | float | bool | None


class Data(Section):
    """What counts as known."""

    as_of: date
    max_rejected_share: Share


class Split(Section):
    """Shares of the rows."""

    validation: Part
    test: Part
    frozen: Annotated[float, Field(gt=0, le=1)]

    @model_validator(mode="after")
    def _leave_rows(self) -> Self:
        if self.validation + self.test >= 1:
            raise ValueError("validation and test leave nothing for training")
        return self


class Features(Section):
    """Training statistics."""

    bins: Annotated[int, Field(ge=2, le=50)]


class Train(Section):
    """How a model grows."""

    seed: Annotated[int, Field(ge=0)]
    rounds: Count
    checkpoint_every: Count
    divergence: Annotated[float, Field(gt=1)]
    candidate: dict[str, Setting]


class Search(Section):
    """Which settings are tried."""

    trials: Count
    choose_by: str
    space: dict[str, list[Setting]]


class Decision(Section):
    """How a score becomes a label."""

    threshold: Share


class Batch(Section):
    """When a run of the batch target is refused."""

    max_rejected_share: Share


class Edge(Section):
    """What a bundle for a device promises."""

    fallback: str | Annotated[float, Field(strict=True, allow_inf_nan=False)]
    max_age_days: Count
    after_expiry: Literal["warn", "fallback", "refuse"]
    log_rows: Annotated[int, Field(ge=0, le=1_000_000)]
    log_row_bytes: Annotated[int, Field(ge=256, le=65_536)]


class Monitoring(Section):
    """When a served model is due for retraining, and when something is wrong."""

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


class Retrain(Section):
    """When the pipeline trains by itself."""

    reasons: list[Literal["calendar", "message", "verdict", "data", "code"]]
    every_days: Count
    cool_down_days: Annotated[int, Field(ge=0)]


class Params(Section):
    """The whole file; a target that was not chosen has no section."""

    data: Data
    split: Split
    features: Features
    train: Train
    search: Search
    decision: Decision
    gate: Gate
    monitoring: Monitoring
    canary: Canary
    retrain: Retrain
    batch: Batch | None = None
    edge: Edge | None = None

    def of_batch(self) -> Batch:
        """Give the section of the batch target.

        Raises:
            UserError: the file has none.
        """
        if self.batch is None:
            raise UserError("params.yaml: batch is missing")
        return self.batch

    def of_edge(self) -> Edge:
        """Give the section of the edge target.

        Raises:
            UserError: the file has none.
        """
        if self.edge is None:
            raise UserError("params.yaml: edge is missing")
        return self.edge


def read_params(path: Path = Path("params.yaml")) -> Params:
    """Read and check the file.

    Raises:
        UserError: it is not there, is not YAML, or holds a value out of its range.
    """
    try:
        return parse(yaml.safe_load(path.read_text("utf-8")), str(path))
    except FileNotFoundError:
        raise UserError(f"{path} is not there; run this in the project's folder") from None
    except UnicodeDecodeError as failure:
        found = f"byte {failure.object[failure.start]:#x} at place {failure.start}"
        raise UserError(f"{path} is not UTF-8: {found}; save it as UTF-8") from None
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        line = "" if mark is None else f"line {mark.line + 1}: "
        raise UserError(f"{path} is not YAML: {line}{failure.problem}") from None
    except yaml.YAMLError as failure:
        raise UserError(f"{path} is not YAML: {failure}") from None


def parse(content: Any, name: str) -> Params:
    """Check what a file `name` holds.

    Raises:
        UserError: the text names the setting, the value found and what is allowed.
    """
    if content is None:
        raise UserError(f"{name}: the file is empty, allowed are {', '.join(names(Params, ()))}")
    try:
        return Params.model_validate(content)
    except ValidationError as failure:
        raise UserError(f"{name}: {complaint(failure, content, Params)}") from None
