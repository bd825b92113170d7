"""The options of `modelyard draft`."""

from dataclasses import dataclass
from typing import Literal

Wanted = Literal["classification", "regression"] | None


@dataclass(frozen=True)
class Wish:
    """The options of the command: headers, and the kind of the target."""

    target: str
    key: str | None = None
    time: str | None = None
    task: Wanted = None
