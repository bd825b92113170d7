"""Records predictions of several days as arrays, with a count of invalid lines."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, Field, ValidationError, create_model

from ..console import UserError
from ..data.pydantic_schema import row_model
from ..schema.columns import Category, Number, Rows
from ..schema.contract import Classes, Quantity, Schema, Task
from ..serving import records as served
from ..serving.predictor import to_rows

Finite = Annotated[float, Field(allow_inf_nan=False)]
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


@dataclass(frozen=True)
class Records:
    """Arrays of n valid predictions, ordered by day, and a count of the invalid ones.

    Attributes:
        rows: number or category column to array [n].
        days: datetime64[D] [n].
        versions: [n] version of the model that scored the row.
        scores: float32 [n, classes], or [n, 1] for regression.
        labels: [n] index of the class or the number; NaN without a label.
        broken: location of the error in an invalid line to the number of such lines.
        left_out: number of rows left out for the quota of a day.
    """

    rows: Rows
    days: np.ndarray
    versions: np.ndarray
    scores: np.ndarray
    labels: np.ndarray
    broken: Counter[str]
    left_out: int = 0

    def __len__(self) -> int:
        """Return the number of valid rows."""
        return len(self.days)

    def scored_by(self, version: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return days, scores and labels of the rows that a model has scored."""
        own = self.versions == version
        return self.days[own], self.scores[own], self.labels[own]

    def count_versions(self, after: date = date.min) -> Counter[str]:
        """Count the rows of the days after a day by version."""
        return Counter(self.versions[self.days > np.datetime64(after)].tolist())


def recorded_days(folders: Iterable[Path], last: date) -> list[tuple[date, Path]]:
    """Return the days up to `last` with records, and their folders, the oldest first."""
    found = (
        (parse_day(path), path)
        for folder in folders
        for path in served.days(folder)
        if any(served.file_lines(path.glob(served.PREDICTIONS)))
    )
    return sorted(one for one in found if one[0] <= last)


def parse_day(path: Path) -> date:
    """Parse the name of a folder as a date."""
    try:
        return date.fromisoformat(path.name)
    except ValueError:
        raise UserError(f"{path}: the name must be a date such as 2013-10-01") from None


def read_records(paths: Iterable[tuple[date, Path]], schema: Schema) -> Records:
    """Read the records of several days."""
    model, found = line_model(schema), list(paths)
    records = concatenate([read_day(day, path, schema, model) for day, path in found], schema)
    left_out = sum(served.count_left_out(path) for _, path in found)
    return replace(records, left_out=left_out)


def read_day(day: date, path: Path, schema: Schema, model: type[BaseModel]) -> Records:
    """Read a day's predictions and join their labels."""
    broken, lowest = Counter[str](), served.lowest_tier(path)
    lines = list(valid_lines(path, model, broken))
    if served.lowest_tier(path) > lowest:  # files were deleted meanwhile
        return read_day(day, path, schema, model)
    return as_arrays(day, lines, served.read_labels(path), broken, schema)


def as_arrays(
    day: date, lines: list[Any], labels: dict[served.Key, Any], broken: Counter[str], schema: Schema
) -> Records:
    """Convert a day's lines and labels to arrays."""
    rows = to_rows((vars(line.values) for line in lines), schema)
    found = (labels.get((line.request_id, line.row)) for line in lines)
    known = (encode_label(label, schema.target) for label in found)
    return Records(
        {name: rows[name] for name in monitored_columns(schema)},
        np.full(len(lines), day, "datetime64[D]"),
        np.array([line.model_version for line in lines], np.dtypes.StringDType()),
        scores(lines, schema.target),
        np.fromiter(known, np.float64, len(lines)),
        broken,
    )


def concatenate(parts: list[Records], schema: Schema) -> Records:
    """Concatenate the records of several days."""
    parts = [as_arrays(date.min, [], {}, Counter(), schema), *parts]
    return Records(
        {n: np.concatenate([part.rows[n] for part in parts]) for n in monitored_columns(schema)},
        np.concatenate([part.days for part in parts]),
        np.concatenate([part.versions for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.labels for part in parts]),
        sum((part.broken for part in parts), Counter[str]()),
    )


def monitored_columns(schema: Schema) -> list[str]:
    """Return the names of the columns that have training statistics."""
    found = [column.name for column in schema.columns if isinstance(column, Number | Category)]
    return [name for name in found if name != schema.key]


def valid_lines(day: Path, model: type[BaseModel], broken: Counter[str]) -> Iterator[Any]:
    """Yield the valid lines of a day, and count the others in `broken`."""
    for text in served.file_lines(served.prediction_files(day)):
        try:
            yield model.model_validate_json(text)
        except ValidationError as error:
            broken[error_location(error)] += 1


def error_location(error: ValidationError) -> str:
    """Return the location of an error: a column, a field such as `score`, or `line`."""
    names = [part for part in error.errors()[0]["loc"] if part != "values"]
    return str(names[0]) if names else "line"


def line_model(schema: Schema) -> type[BaseModel]:
    """Return the Pydantic model of a recorded prediction."""
    target = schema.target
    name: Any = Literal[target.values] if target.values else str
    each = Annotated[dict[name, Probability], Field(min_length=max(1, len(target.values)))]
    fields: dict[Task, tuple[str, Any]] = {
        "binary": ("score", Probability),
        "multiclass": ("scores", each),
        "regression": ("prediction", Finite),
    }
    field, kind = fields[target.task]
    named: dict[str, Any] = {"request_id": (str, ...), "row": (int, ...), field: (kind, ...)}
    values = row_model(schema)
    return create_model("Line", model_version=(str, ...), values=(values, ...), **named)


def scores(lines: list[Any], target: Classes | Quantity) -> np.ndarray:
    """Return the recorded scores as a float32 array [n, classes] or [n, 1]."""
    values: list[tuple[float, ...]]
    if target.task == "binary":
        values = [(1 - line.score, line.score) for line in lines]
    elif target.task == "multiclass":
        values = [tuple(line.scores[name] for name in target.values) for line in lines]
    else:
        values = [(line.prediction,) for line in lines]
    return np.array(values, np.float32).reshape(len(lines), max(1, len(target.values)))


def encode_label(label: Any, target: Classes | Quantity) -> float:
    """Return the index of a class or the number; NaN for an invalid label."""
    if isinstance(target, Classes):
        return target.values.index(label) if label in target.values else math.nan
    return float(label) if isinstance(label, int | float) else math.nan
