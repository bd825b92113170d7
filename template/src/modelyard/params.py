"""Read and validate `params.yaml`, the settings that change the model."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from . import params_operation as operation
from . import params_sections as sections
from .choices import Choices, read_choices_beside
from .console import UserError

# the automation level and targets that include a section
OPTIONAL: dict[str, tuple[int, tuple[str, ...]]] = {
    "monitoring": (1, ("rest", "batch")),
    "batch": (1, ("batch",)),
    "edge": (1, ("edge",)),
    "retrain": (2, ()),
    "canary": (3, ()),
    "gate.serving": (2, ()),
    "gate.history": (2, ()),
}


class Params(sections.Section):
    """The whole file."""

    data: sections.Data
    split: sections.Split
    features: sections.Features
    train: sections.Train
    search: sections.Search
    decision: sections.Decision = sections.Decision(threshold=0.5)  # of two classes: required
    gate: sections.Gate
    monitoring: operation.Monitoring | None = None
    batch: operation.Batch | None = None
    edge: operation.Edge | None = None
    retrain: operation.Retrain | None = None
    canary: operation.Canary | None = None


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
    choices = read_choices_beside(Path(name))
    if content is None:
        raise UserError(f"{name}: the file is empty, allowed are {allowed_names((), choices)}")
    for section in OPTIONAL:
        place = tuple(section.split("."))
        if (lacking := unmet(section, choices)) and existing_location(place, content) == place:
            raise UserError(f"{name}: {section} is not known here, it requires {lacking}")
    try:
        return Params.model_validate(content)
    except ValidationError as failure:
        raise UserError(f"{name}: {validation_message(failure, content, choices)}") from None


def unmet(section: str, choices: Choices | None) -> str:
    """Return the target or automation level that a section needs and the project lacks, or ""."""
    level, targets = OPTIONAL.get(section, (1, ()))
    if choices is None or choices.include(level, targets):
        return ""
    return f"the target {' or '.join(targets)}" if targets else f"automation level {level}"


def validation_message(failure: ValidationError, content: Any, choices: Choices | None) -> str:
    """Format a validation error as one line: setting, value found, allowed values.

    Unknown names are reported before missing ones: they are often misspelt settings.
    """
    errors = failure.errors()
    first = next((error for error in errors if error["type"] == "extra_forbidden"), errors[0])
    location = existing_location(first["loc"], content)
    where = ".".join(map(str, location)) or "the file"
    if first["type"] == "extra_forbidden":
        return f"{where} is not known, allowed are {allowed_names(location[:-1], choices)}"
    if first["type"] == "missing":
        return f"{'.'.join(map(str, first['loc']))} is missing"
    same = [error for error in errors if existing_location(error["loc"], content) == location]
    return f"{where} is {first['input']!r}: {', or '.join(error['msg'] for error in same).lower()}"


def existing_location(location: tuple[int | str, ...], content: Any) -> tuple[int | str, ...]:
    """Truncate an error's location to the part that exists in the file."""
    for depth, part in enumerate(location):
        named = isinstance(content, dict) and part in content
        numbered = isinstance(content, list) and isinstance(part, int)
        if not (named or numbered):
            return location[:depth]
        content = content[part]
    return location


def allowed_names(location: tuple[int | str, ...], choices: Choices | None) -> str:
    """List the names that are allowed at a location of the file."""
    model: type[BaseModel] = Params
    for part in location:
        kind = model.model_fields[str(part)].annotation
        kinds = [kind, *getattr(kind, "__args__", ())]
        model = next(one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel))
    prefix = "".join(f"{part}." for part in location)
    return ", ".join(name for name in model.model_fields if not unmet(prefix + name, choices))
