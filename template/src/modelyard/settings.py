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
    """Convert the text of a variable to the setting's type."""
    if one.type is Path:
        return Path(text)
    if one.type == date | None:
        return parse_date(one.name, text)
    if one.type is str:
        return text if one.repr else parse_token(one.name, text)
    return parse_number(one, text)


def parse_date(name: str, text: str) -> date:
    """Convert text such as 2013-10-01 to a date.

    Raises:
        UserError: the text is not a date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            f"{name.upper()} is {text!r}, allowed is a day such as 2013-10-01"
        ) from None


def parse_token(name: str, text: str) -> str:
    """Return a token that is valid in an HTTP header.

    Raises:
        UserError: the token is invalid; the message does not show it.
    """
    if not TOKEN.fullmatch(text):
        allowed = "letters, digits and . _ ~ + / -, with = at the end"
        raise UserError(f"{name.upper()} is not a token (value not shown), allowed are {allowed}")
    return text


def parse_number(one: Field[Any], text: str) -> float:
    """Convert text to a number within the setting's range.

    Raises:
        UserError: the text is not a number, or out of range.
    """
    least, most = one.metadata["least"], one.metadata["most"]
    kind = "a whole number" if one.type is int else "a number"
    try:
        number = int(text) if one.type is int else float(text)
        inside = least <= number <= most
    except ValueError:
        inside = False
    if not inside:
        allowed = f"{kind} from {least:,} to {most:,}"
        raise UserError(f"{one.name.upper()} is {text!r}, allowed is {allowed}")
    return number
