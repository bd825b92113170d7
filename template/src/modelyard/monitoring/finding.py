"""What a monitor says: a topic, how it stands, and why in words."""

from typing import Literal, NamedTuple

Status = Literal["fine", "bad", "unknown"]


class Finding(NamedTuple):
    """One line of the report."""

    topic: str
    status: Status
    reason: str
