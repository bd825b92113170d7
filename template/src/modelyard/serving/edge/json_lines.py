"""From lines of JSON to lines of JSON: what `run.py` answers."""

import json
from typing import Any, NamedTuple

from ...data.violations import ROW, Fault, once, short
from ..predictor import Predictor, to_rows
from .bundle_settings import Terms
from .row_check import RowCheck

decode, encode = json.JSONDecoder(object_pairs_hook=once).decode, json.JSONEncoder().encode


class Checked(NamedTuple):
    """What a line holds, and the rules that it breaks."""

    row: Any
    faults: list[Fault]


class Answers:
    """Answers rows with predictions, and what is no row with the fallback."""

    def __init__(self, predictor: Predictor, terms: Terms) -> None:
        self.predictor, self.terms, self.schema = predictor, terms, predictor.schema
        self.check = RowCheck(predictor.schema)
        self.version = {"model_version": predictor.version}

    def to(self, lines: list[bytes], first: int, *, expired: bool) -> list[bytes]:
        """Answer lines in order; each is scored as it would be alone.

        Args:
            lines: JSON objects, one row each.
            first: the number of the first line in the whole input, from 0.
            expired: whether the model is past its time.
        """
        read = [self.read(line, first + place) for place, line in enumerate(lines)]
        withheld = expired and self.terms.after_expiry == "fallback"
        good = [] if withheld else [row for row, faults in read if not faults]
        records = iter(self.predictor.predict(to_rows(good, self.schema)).records() if good else [])
        flags = {"expired": True} if expired else {}
        found = (
            self.fallback(faults) if faults or withheld else self.prediction(next(records), row)
            for row, faults in read
        )
        return [encoded(answer | flags) for answer in found]

    def read(self, line: bytes, number: int) -> Checked:
        """Turn a line into a checked row."""
        try:
            row = parse(line)
        except (ValueError, RecursionError):
            return Checked(None, [Fault(number, "", line.decode("utf-8", "replace"), ROW)])
        return Checked(row, self.check.faults(row, number))

    def prediction(self, record: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
        """Give the answer to a row that keeps the schema, as REST would."""
        ignored = self.check.ignored(row)
        answer = record | self.version
        return answer | {"ignored_columns": ignored} if ignored else answer

    def fallback(self, faults: list[Fault]) -> dict[str, Any]:
        """Give the answer to what is not predicted: flagged, and without a score."""
        task = self.schema.target.task
        scores = {"binary": {"score": None}, "multiclass": {"scores": None}, "regression": {}}
        shown = [fault._replace(found=short(fault.found))._asdict() for fault in faults]
        answer = {"prediction": self.terms.fallback} | scores[task] | self.version
        return answer | {"fallback": True, "faults": shown}


def parse(line: bytes) -> Any:
    """Turn a line into what it says.

    Raises:
        ValueError: it is no JSON, or holds half a character.
        RecursionError: it is nested too deeply.
    """
    row = decode(line.decode())
    if b"\\u" in line:
        json.dumps(row, ensure_ascii=False).encode()
    return row


def encoded(answer: dict[str, Any]) -> bytes:
    """Turn an answer into a line without its end."""
    return encode(answer).encode()
