"""What is wrong with a body that must be a list of items, said the same way for all of them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import ValidationError

from ...data.faults import Fault, short
from .refusal import Refusal


class Items(NamedTuple):
    """A list in a body.

    Args:
        name: of the list.
        shape: what the body must be, in words.
        item: what an item must be, in words.
        most: how many there may be.
        allowed: says what a value of an item may be.
    """

    name: str
    shape: str
    item: str
    most: int
    allowed: Callable[[str], str]

    def refusal(self, failure: ValidationError) -> Refusal:
        """Say what is wrong with a body."""
        errors = failure.errors(include_url=False)
        first = errors[0]
        if first["type"] == "json_invalid":
            return Refusal(400, f"the body is no JSON: {first['ctx']['error']}")
        if first["type"] == "too_long" and first["loc"] == (self.name,):
            found = f"the body has more than {self.most:,} {self.name}"
            return Refusal(413, f"{found}, REST_MAX_ROWS allows {self.most:,}")
        misshapen = [error for error in errors if len(error["loc"]) < 2]
        if misshapen:
            return Refusal(422, self.wrong_shape(misshapen[-1]))
        faults = [self.fault(error) for error in errors]
        return Refusal(422, f"rules broken: {len(faults)}; GET /schema lists all rules", faults)

    def fault(self, error: Any) -> Fault:
        """Turn one of pydantic's errors about an item into a fault."""
        row, *column = error["loc"][1:]
        if not column:
            return Fault(row, "", error["input"], self.item)
        found = None if error["type"] == "missing" else error["input"]
        return Fault(row, column[0], found, self.allowed(column[0]))

    def wrong_shape(self, error: Any) -> str:
        """Say in which way a body is not what it must be."""
        name = error["loc"][0] if error["loc"] else "the body"
        if error["type"] == "missing":
            return f"{name} is missing; {self.shape}"
        if error["type"] == "extra_forbidden":
            return f"{name} is not known, only {self.name} is; {self.shape}"
        return f"{name} is {short(error['input'])}; {self.shape}"
