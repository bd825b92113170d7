"""A typed view of `params.yaml`: what changes the model."""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

import yaml
from pydantic import Field, ValidationError, create_model, model_validator

from .console import UserError
from .gate_section import Gate
from .section import Count, Part, Section, Share, complaint

Setting = str | int | float | bool | None
Chosen = TypeVar("Chosen", bound=Section)

# section: the module that knows it, and what brings that
OPTIONAL = {
    "monitoring": ("monitoring.section", "the target rest"),
    "batch": ("serving.batch.section", "the target batch"),
    "edge": ("serving.edge.section", "the target edge"),
    "retrain": ("retraining.section", "automation level 2"),
    "canary": ("canary.section", "automation level 3"),
}


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


class Params(Section):
    """The whole file: what each project has, and beside it the sections of what was chosen."""

    data: Data
    split: Split
    features: Features
    train: Train
    search: Search
    decision: Decision
    gate: Gate

    def section(self, kind: type[Chosen]) -> Chosen:
        """Give the section of a target or level.

        Raises:
            UserError: the file has none.
        """
        name = kind.__name__.lower()
        found = getattr(self, name, None)
        if not isinstance(found, kind):
            raise UserError(f"params.yaml: {name} is missing")
        return found


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
        raise UserError(f"{name}: the file is empty, allowed are {', '.join(Params.model_fields)}")
    whole = whole_file(content if isinstance(content, dict) else {}, name)
    try:
        return whole.model_validate(content)
    except ValidationError as failure:
        raise UserError(f"{name}: {complaint(failure, content, whole)}") from None


def whole_file(content: dict[str, Any], name: str) -> type[Params]:
    """Give the model of a file with the optional sections that it holds.

    Raises:
        UserError: it holds a section of what this project has not chosen.
    """
    held = {one: section_of(one, name) for one in OPTIONAL if one in content}
    fields: dict[str, Any] = {one: (kind, ...) for one, kind in held.items()}
    return create_model("Params", __base__=Params, **fields)


def section_of(section: str, name: str) -> type[Section]:
    """Give the class of an optional section.

    Raises:
        UserError: the part of the runtime that knows it is not there.
    """
    module, bringer = OPTIONAL[section]
    try:
        found = import_module(f"{__package__}.{module}")
    except ModuleNotFoundError:
        raise UserError(f"{name}: {section} is not known here, {bringer} brings it") from None
    kind: type[Section] = getattr(found, section.capitalize())
    return kind
