"""What is wrong with a body that must be a list of items, said the same way for all of them."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from ...data.violations import Fault, once, short
from .errors import Refusal


class Items(NamedTuple):
    """A list in a body.

    Args:
        model: of the body.
        name: of the list.
        shape: what the body must be, in words.
        item: what an item must be, in words.
        most: how many there may be.
        allowed: says what a value of an item may be.
    """

    model: type[BaseModel]
    name: str
    shape: str
    item: str
    most: int
    allowed: Callable[[str], str]

    def read(self, body: bytes) -> list[Any]:
        """Turn JSON into checked items.

        Raises:
            Refusal: 400 for what is no JSON, 413 for too many items, 422 for what breaks a rule.
        """
        try:
            items = self.listed(body)
            if names(body) > 1 + sum(len(item.__pydantic_fields_set__) for item in items):
                return self.listed(json.dumps(json.loads(body, object_pairs_hook=once)))
        except ValidationError as failure:
            raise self.refusal(failure) from None
        return items

    def listed(self, body: bytes | str) -> list[Any]:
        """Give a body's items; where it names a column twice, the last value counts.

        Raises:
            ValidationError: it is not what the model says.
        """
        found: list[Any] = getattr(self.model.model_validate_json(body), self.name)
        return found

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


def names(body: bytes) -> int:
    """Count the names in a body, or more: what stands in a text or an item may look like one."""
    return body.translate(None, b" \t\r\n").count(b'":')
