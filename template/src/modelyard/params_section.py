"""What the sections of `params.yaml` are made of, and what is said of one that does not fit."""

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .console import UserError

Share = Annotated[float, Field(ge=0, le=1)]
Part = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Tolerance = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Chosen = TypeVar("Chosen", bound="Section")


class Section(BaseModel):
    """A part of the file; a name that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    PATH: ClassVar[str] = ""

    def section(self, kind: type[Chosen]) -> Chosen:
        """Give the section of a target or level.

        Raises:
            UserError: the file has none.
        """
        name = kind.__name__.lower()
        found = getattr(self, name, None)
        if not isinstance(found, kind):
            raise UserError(f"params.yaml: {self.PATH}{name} is missing")
        return found


def complaint(failure: ValidationError, content: Any, whole: type[BaseModel]) -> str:
    """Say in one line which setting is wrong, the value found and what is allowed.

    A name that is not known comes first: it is often the misspelt one of a setting that is missing.

    Args:
        failure: why the content does not fit.
        content: what the file holds.
        whole: the model of the file.
    """
    errors = failure.errors()
    first = next((error for error in errors if error["type"] == "extra_forbidden"), errors[0])
    at = held(first["loc"], content)
    where = ".".join(map(str, at)) or "the file"
    if first["type"] == "extra_forbidden":
        return f"{where} is not known, allowed are {', '.join(names(whole, at[:-1]))}"
    if first["type"] == "missing":
        return f"{'.'.join(map(str, first['loc']))} is missing"
    said = [error["msg"] for error in errors if held(error["loc"], content) == at]
    return f"{where} is {first['input']!r}: {', or '.join(said).lower()}"


def held(place: tuple[int | str, ...], content: Any) -> tuple[int | str, ...]:
    """Give as much of an error's place as the file holds; the rest names kinds of value."""
    for depth, part in enumerate(place):
        named = isinstance(content, dict) and part in content
        numbered = isinstance(content, list) and isinstance(part, int)
        if not (named or numbered):
            return place[:depth]
        content = content[part]
    return place


def names(whole: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """List the names that may stand at a place of the file."""
    for part in place:
        kind = whole.model_fields[str(part)].annotation
        kinds = [kind, *getattr(kind, "__args__", ())]
        whole = next(one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel))
    return list(whole.model_fields)
