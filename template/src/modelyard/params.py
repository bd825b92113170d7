"""A typed view of `params.yaml`: what changes the model."""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

import yaml
from pydantic import Field, ValidationError, create_model, model_validator

from .choices import Choices, choices_beside
from .console import UserError
from .gate_params import Gate
from .params_section import Chosen, Count, Part, Section, Share, complaint

Setting = str | int | float | bool | None


class Optional(NamedTuple):
    """A section that not every project has: the module that knows it, and what brings that."""

    module: str
    level: int = 1
    targets: tuple[str, ...] = ()

    @property
    def bringer(self) -> str:
        """What brings it, in words."""
        names = " or ".join(self.targets)
        return f"the target {names}" if names else f"automation level {self.level}"


OPTIONAL = {
    "monitoring": Optional("monitoring.params", targets=("rest", "batch")),
    "batch": Optional("serving.batch.params", targets=("batch",)),
    "edge": Optional("serving.edge.params", targets=("edge",)),
    "retrain": Optional("retraining.params", level=2),
    "canary": Optional("canary.params", level=3),
    "gate.serving": Optional("models.gates.versions.params", level=2),
    "gate.history": Optional("models.gates.versions.params", level=2),
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
    held, choices = content if isinstance(content, dict) else {}, choices_beside(Path(name))
    gate = extended(Gate, held.get("gate"), name, choices)
    whole = extended(Params, held, name, choices, gate=(gate, ...))
    try:
        return whole.model_validate(content)
    except ValidationError as failure:
        raise UserError(f"{name}: {complaint(failure, content, whole)}") from None


def extended(
    base: type[Chosen], content: Any, name: str, choices: Choices | None, **fields: Any
) -> type[Chosen]:
    """Give the model of a section with the optional sections that the file holds in it.

    Args:
        base: what each project has.
        content: what the file holds there.
        name: of the file.
        choices: of the project; None if they are not known.
        fields: other fields of the model, as `create_model` takes them.

    Raises:
        UserError: it holds a section of what this project has not chosen.
    """
    for one in content if isinstance(content, dict) else ():
        if f"{base.PATH}{one}" in OPTIONAL:
            fields[one] = (section_of(f"{base.PATH}{one}", name, choices), ...)
    return create_model(base.__name__, __base__=base, **fields)


def section_of(section: str, name: str, choices: Choices | None) -> type[Section]:
    """Give the class of an optional section.

    Raises:
        UserError: the project has not chosen what brings it, or the runtime lacks it.
    """
    found = OPTIONAL[section]
    lacking = UserError(f"{name}: {section} is not known here, {found.bringer} brings it")
    if choices and not choices.include(found.level, found.targets):
        raise lacking  # though the runtime, where it is a package, knows it
    try:
        module = import_module(f"{__package__}.{found.module}")
    except ModuleNotFoundError:
        raise lacking from None
    kind: type[Section] = getattr(module, section.rpartition(".")[2].capitalize())
    return kind
