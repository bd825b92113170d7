"""Base class, field types and error messages for the sections of `params.yaml`."""

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .console import UserError

Share = Annotated[float, Field(ge=0, le=1)]
Fraction = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
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


def validation_message(failure: ValidationError, content: Any, model: type[BaseModel]) -> str:
    """Format a validation error as one line: setting, value found, allowed values.

    Unknown names are reported before missing ones: they are often misspelt settings.
    """
    errors = failure.errors()
    first = next((error for error in errors if error["type"] == "extra_forbidden"), errors[0])
    location = existing_location(first["loc"], content)
    where = ".".join(map(str, location)) or "the file"
    if first["type"] == "extra_forbidden":
        return f"{where} is not known, allowed are {', '.join(allowed_names(model, location[:-1]))}"
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


def allowed_names(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """List the names that are allowed at a location of the file."""
    for part in location:
        kind = model.model_fields[str(part)].annotation
        kinds = [kind, *getattr(kind, "__args__", ())]
        model = next(one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel))
    return list(model.model_fields)
