"""Read and validate settings from environment variables, which differ between environments."""

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

from .console import UserError

TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def setting(default: Any, *, least: float = 0, most: float = 0) -> Any:
    """Declare a setting: its default and, for a number, the smallest and largest allowed value."""
    return field(default=default, metadata={"least": least, "most": most})


def secret() -> Any:
    """Declare a secret: empty by default, and left out of the printed settings."""
    return field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """Settings of every service and command; `model_dir` is read from `MODEL_DIR`."""

    model_dir: Path = Path("models")
    as_of: date | None = None

    @property
    def today(self) -> date:
        """Current day: AS_OF, else today in UTC."""
        return self.as_of or datetime.now(UTC).date()

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the environment; an unset or empty variable means the default.

        Raises:
            UserError: the message names the variable, the value found and the allowed values.
        """
        texts = {one: environment.get(one.name.upper(), "").strip() for one in fields(cls)}
        return cls(**{one.name: parse_value(one, text) for one, text in texts.items() if text})


def parse_value(one: Field[Any], text: str) -> Any:
    """Convert the text of a variable to the setting's type.

    Raises:
        UserError: the value is not allowed; the message does not show that of a secret.
    """
    name = one.name.upper()
    if one.type is Path:
        return Path(text)
    if one.type is str:
        return text if one.repr else check_token(name, text)
    try:
        return date.fromisoformat(text) if one.type == date | None else parse_number(one, text)
    except ValueError:
        raise UserError(f"{name} is {text!r}, allowed is {allowed(one)}") from None


def check_token(name: str, text: str) -> str:
    """Return a token that is valid in an HTTP header; refuse any other without showing it."""
    if not TOKEN.fullmatch(text):
        characters = "letters, digits and . _ ~ + / -, with = at the end"
        raise UserError(f"{name} is not a token (value not shown), allowed are {characters}")
    return text


def parse_number(one: Field[Any], text: str) -> float:
    """Convert text to a number; raise a `ValueError` if it is none, or out of range."""
    number = int(text) if one.type is int else float(text)
    if not one.metadata["least"] <= number <= one.metadata["most"]:
        raise ValueError(text)
    return number


def allowed(one: Field[Any]) -> str:
    """Describe the allowed values of a date or a number."""
    if one.type == date | None:
        return "a day such as 2013-10-01"
    kind = "a whole number" if one.type is int else "a number"
    return f"{kind} from {one.metadata['least']:,} to {one.metadata['most']:,}"
