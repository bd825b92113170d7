"""Read and validate `params.yaml`, the settings that change the model."""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

import yaml
from pydantic import Field, ValidationError, create_model, model_validator

from .choices import Choices, read_choices_beside
from .console import UserError
from .gate_params import Gate
from .params_section import Count, Fraction, Section, SectionT, Share, validation_message

Setting = str | int | float | bool | None


class OptionalSection(NamedTuple):
    """An optional section: the module of its class, and the level or targets that include it."""

    module: str
    level: int = 1
    targets: tuple[str, ...] = ()

    @property
    def requirement(self) -> str:
        """The target or automation level that includes the section."""
        names = " or ".join(self.targets)
        return f"the target {names}" if names else f"automation level {self.level}"


OPTIONAL = {
    "monitoring": OptionalSection("monitoring.params", targets=("rest", "batch")),
    "batch": OptionalSection("serving.batch.params", targets=("batch",)),
    "edge": OptionalSection("serving.edge.params", targets=("edge",)),
    "retrain": OptionalSection("retraining.params", level=2),
    "canary": OptionalSection("canary.params", level=3),
    "gate.serving": OptionalSection("models.gates.versions.params", level=2),
    "gate.history": OptionalSection("models.gates.versions.params", level=2),
}


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

    seed: Annotated[int, Field(ge=0)]
    rounds: Count
    checkpoint_every: Count
    divergence: Annotated[float, Field(gt=1)]
    candidate: dict[str, Setting]


class Search(Section):
    """Search for the settings of the candidate."""

    trials: Count
    choose_by: str
    space: dict[str, list[Setting]]


class Decision(Section):
    """Decision from a score to a label."""

    threshold: Share


class Params(Section):
    """The whole file: the sections of every project; optional ones are added when it is read."""

    data: Data
    split: Split
    features: Features
    train: Train
    search: Search
    decision: Decision
    gate: Gate


def read_params(path: Path = Path("params.yaml")) -> Params:
    """Read and validate the file.

    Raises:
        UserError: the file does not exist, is not YAML, or holds an invalid value.
    """
    try:
        return parse(yaml.safe_load(path.read_text("utf-8")), str(path))
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; run this in the project's folder") from None
    except UnicodeDecodeError as failure:
        found = f"byte {failure.object[failure.start]:#x} at position {failure.start}"
        raise UserError(f"{path} is not UTF-8: {found}; save it as UTF-8") from None
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        line = "" if mark is None else f"line {mark.line + 1}: "
        raise UserError(f"{path} is not YAML: {line}{failure.problem}") from None
    except yaml.YAMLError as failure:
        raise UserError(f"{path} is not YAML: {failure}") from None


def parse(content: Any, name: str) -> Params:
    """Validate the parsed content of the file `name`.

    Raises:
        UserError: the message names the setting, the value found and the allowed values.
    """
    if content is None:
        raise UserError(f"{name}: the file is empty, allowed are {', '.join(Params.model_fields)}")
    given, choices = content if isinstance(content, dict) else {}, read_choices_beside(Path(name))
    gate = with_optional_sections(Gate, given.get("gate"), name, choices)
    model = with_optional_sections(Params, given, name, choices, gate=(gate, ...))
    try:
        return model.model_validate(content)
    except ValidationError as failure:
        raise UserError(f"{name}: {validation_message(failure, content, model)}") from None


def with_optional_sections(
    base: type[SectionT], content: Any, name: str, choices: Choices | None, **fields: Any
) -> type[SectionT]:
    """Extend the model of a section by the optional sections that the file `name` contains."""
    for one in content if isinstance(content, dict) else ():
        if f"{base.PATH}{one}" in OPTIONAL:
            fields[one] = (find_optional_section(f"{base.PATH}{one}", name, choices), ...)
    return create_model(base.__name__, __base__=base, **fields)


def find_optional_section(section: str, name: str, choices: Choices | None) -> type[Section]:
    """Return the class of an optional section.

    Raises:
        UserError: the project or the installed runtime does not include the section.
    """
    found = OPTIONAL[section]
    error = UserError(f"{name}: {section} is not known here, it requires {found.requirement}")
    if choices and not choices.include(found.level, found.targets):
        raise error  # although the runtime, installed as a package, includes it
    try:
        module = import_module(f"{__package__}.{found.module}")
    except ModuleNotFoundError:
        raise error from None
    kind: type[Section] = getattr(module, section.rpartition(".")[2].capitalize())
    return kind
