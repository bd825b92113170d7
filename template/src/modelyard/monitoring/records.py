"""What was recorded on some days, as arrays; lines that cannot be used are counted."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, Field, ValidationError, create_model

from ..console import UserError
from ..data.pydantic_schema import row_model
from ..schema.columns import Category, Number, Rows
from ..schema.contract import Classes, Quantity, Schema, Task
from ..serving.predictor import to_rows
from ..serving.records import Key, days, read_labels

Finite = Annotated[float, Field(allow_inf_nan=False)]
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


@dataclass(frozen=True)
class Recorded:
    """Usable predictions, n of them in the order of their days, and how many others there were.

    Attributes:
        rows: number or category to its array [n].
        days: datetime64[D] [n].
        versions: of the models that scored [n].
        scores: float32 [n, classes], or [n, 1] for a number.
        labels: the class's place or the number [n]; NaN where none has come.
        broken: what is wrong with a line that cannot be used, to how many such lines there are.
    """

    rows: Rows
    days: np.ndarray
    versions: np.ndarray
    scores: np.ndarray
    labels: np.ndarray
    broken: Counter[str]

    def __len__(self) -> int:
        """Count the usable rows."""
        return len(self.days)

    def of(self, version: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Give days, scores and labels of the rows that a model has scored."""
        own = self.versions == version
        return self.days[own], self.scores[own], self.labels[own]


def recorded_days(folders: Iterable[Path], last: date) -> list[tuple[date, Path]]:
    """List the days up to `last` on which anything was recorded, oldest first.

    Args:
        folders: of the records, a folder in each for each day.
        last: the day it is.

    Raises:
        UserError: a folder is named as a day, but no calendar has it.
    """
    found = (
        (day_of(path), path)
        for folder in folders
        for path in days(folder)
        if any(file.stat().st_size for file in path.glob("predictions-*.jsonl"))
    )
    return sorted(one for one in found if one[0] <= last)


def day_of(path: Path) -> date:
    """Read a folder's name as a day.

    Raises:
        UserError: it is none.
    """
    try:
        return date.fromisoformat(path.name)
    except ValueError:
        raise UserError(f"{path} is named as no day, allowed are days such as 2013-10-01") from None


def read_recorded(paths: Iterable[tuple[date, Path]], schema: Schema) -> Recorded:
    """Read what was recorded on some days."""
    model = line_model(schema)
    return joined([read_day(day, path, schema, model) for day, path in paths], schema)


def read_day(day: date, path: Path, schema: Schema, model: type[BaseModel]) -> Recorded:
    """Read a day's predictions and join the labels that have come."""
    broken = Counter[str]()
    lines = list(usable(path, model, broken))
    return as_arrays(day, lines, read_labels(path), broken, schema)


def as_arrays(
    day: date, lines: list[Any], labels: dict[Key, Any], broken: Counter[str], schema: Schema
) -> Recorded:
    """Turn a day's lines and labels into arrays."""
    rows = to_rows((vars(line.values) for line in lines), schema)
    known = (encoded(labels.get(key(line)), schema.target) for line in lines)
    return Recorded(
        {name: rows[name] for name in compared(schema)},
        np.full(len(lines), day, "datetime64[D]"),
        np.array([line.model_version for line in lines], np.str_),
        scores(lines, schema.target),
        np.fromiter(known, np.float64, len(lines)),
        broken,
    )


def joined(parts: list[Recorded], schema: Schema) -> Recorded:
    """Put days one after another."""
    nothing = as_arrays(date.min, [], {}, Counter(), schema)
    kept = [part for part in parts if len(part)] or [nothing]
    return Recorded(
        {n: np.concatenate([part.rows[n] for part in kept]) for n in compared(schema)},
        np.concatenate([part.days for part in kept]),
        np.concatenate([part.versions for part in kept]),
        np.concatenate([part.scores for part in kept]),
        np.concatenate([part.labels for part in kept]),
        sum((part.broken for part in parts), Counter[str]()),
    )


def compared(schema: Schema) -> list[str]:
    """Name the columns that have training statistics."""
    return [column.name for column in schema.columns if isinstance(column, Number | Category)]


def usable(day: Path, model: type[BaseModel], broken: Counter[str]) -> Iterator[Any]:
    """Read the lines of a day, and count those that are not whole or break a rule."""
    for path in sorted(day.glob("predictions-*.jsonl")):
        with path.open("rb") as file:
            for text in file:
                try:
                    yield model.model_validate_json(text)
                except ValidationError as failure:
                    broken[blamed(failure)] += 1


def blamed(failure: ValidationError) -> str:
    """Name what is wrong with a line: a column, a score, or the line itself."""
    names = [part for part in failure.errors()[0]["loc"] if part != "values"]
    return str(names[0]) if names else "line"


def line_model(schema: Schema) -> type[BaseModel]:
    """Derive the model of a recorded prediction."""
    target = schema.target
    name: Any = Literal[target.values] if target.values else str
    each = Annotated[dict[name, Probability], Field(min_length=max(1, len(target.values)))]
    answers: dict[Task, tuple[str, Any]] = {
        "binary": ("score", Probability),
        "multiclass": ("scores", each),
        "regression": ("prediction", Finite),
    }
    said, kind = answers[target.task]
    named: dict[str, Any] = {"request_id": (str, ...), "row": (int, ...), said: (kind, ...)}
    values = row_model(schema)
    return create_model("Line", model_version=(str, ...), values=(values, ...), **named)


def key(line: Any) -> Key:
    """Name a prediction as labels do."""
    return line.request_id, line.row


def scores(lines: list[Any], target: Classes | Quantity) -> np.ndarray:
    """Give the scores of lines as the model gave them, float32."""
    said: list[tuple[float, ...]]
    if target.task == "binary":
        said = [(1 - line.score, line.score) for line in lines]
    elif target.task == "multiclass":
        said = [tuple(line.scores[name] for name in target.values) for line in lines]
    else:
        said = [(line.prediction,) for line in lines]
    return np.array(said, np.float32).reshape(len(lines), max(1, len(target.values)))


def encoded(label: Any, target: Classes | Quantity) -> float:
    """Give a class's place or the number, NaN for what is neither."""
    if isinstance(target, Classes):
        return target.values.index(label) if label in target.values else math.nan
    return float(label) if isinstance(label, int | float) else math.nan
