"""A typed view of the environment: what changes where the project runs."""

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Self

from .console import UserError

TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def setting(default: Any, *, least: float = 0, most: float = 0) -> Any:
    """Give a setting its default and, for a number, the least and greatest value allowed."""
    return field(default=default, metadata={"least": least, "most": most})


def secret() -> Any:
    """Give a token no value by default, and no place in what is printed."""
    return field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """What every service and command reads; the variable of `model_dir` is `MODEL_DIR`."""

    model_dir: Path = Path("models")
    as_of: date | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the environment; a variable that is absent or empty leaves the default.

        Raises:
            UserError: the text names the variable, the value found and what is allowed.
        """
        found = {one: environment.get(one.name.upper(), "").strip() for one in fields(cls)}
        return cls(**{one.name: parsed(one, text) for one, text in found.items() if text})


def parsed(one: Field[Any], text: str) -> Any:
    """Turn a variable's text into the setting's type.

    Raises:
        UserError: it is no such value, or out of range.
    """
    if one.type is Path:
        return Path(text)
    if one.type == date | None:
        return parsed_date(one.name, text)
    if one.type is str:
        return parsed_token(one.name, text)
    return parsed_number(one, text)


def parsed_date(name: str, text: str) -> date:
    """Turn text such as 2013-10-01 into a date.

    Raises:
        UserError: no calendar has that day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            f"{name.upper()} is {text!r}, allowed is a day such as 2013-10-01"
        ) from None


def parsed_token(name: str, text: str) -> str:
    """Take a token as it is, if a header can hold it.

    Raises:
        UserError: it cannot; the text does not show it.
    """
    if not TOKEN.fullmatch(text):
        allowed = "letters, digits and . _ ~ + / -, with = at the end"
        raise UserError(f"{name.upper()} is no token (not shown here), allowed are {allowed}")
    return text


def parsed_number(one: Field[Any], text: str) -> float:
    """Turn text into a number within the setting's range.

    Raises:
        UserError: it is none, or lies outside.
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
