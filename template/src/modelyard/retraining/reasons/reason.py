"""What a reason says: whether it asks for a retraining now, and by which key it is known."""

from typing import Literal, NamedTuple

Kind = Literal["first", "calendar", "message", "verdict", "data", "code", "serving"]


class Reason(NamedTuple):
    """One line of the trigger.

    Attributes:
        kind: which reason it is.
        due: whether it asks for a retraining.
        why: in words.
        key: what exactly it asks for; a key that a run has answered is not due again.
    """

    kind: Kind
    due: bool
    why: str
    key: str = ""
