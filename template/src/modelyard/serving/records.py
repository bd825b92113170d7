"""What is kept of served predictions and of what became of them, for the monitors to read.

A folder holds one folder per day (UTC) of prediction, in it JSON lines files. Each process writes
predictions to a file of its own, so that nobody waits for others:

    2013-10-01/predictions-WRITER.jsonl  request_id, row, time, model_version, values, prediction,
                                         and score or scores as in the answer
    2013-10-01/labels.jsonl              request_id, row, time, label

`row` is the row's place in its request, from 0; both together name a prediction. A label lies in
the folder of the day of its prediction. Of two labels for one prediction the first counts.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from io import RawIOBase
from pathlib import Path
from typing import Any

Key = tuple[str, int]
LABEL = {"request_id", "row", "label"}
START = b'{"request_id":"'


def drawn(request_id: str, share: float) -> bool:
    """Say whether a request belongs to the sample: the same one does wherever it is asked."""
    number = hashlib.blake2b(request_id.encode(), digest_size=8).digest()
    return int.from_bytes(number) < share * 2**64


def prediction_lines(
    request_id: str,
    time: str,
    model_version: str,
    rows: Iterable[Mapping[str, Any]],
    predictions: Iterable[Mapping[str, Any]],
) -> bytes:
    """Write the predictions of a request, one on a line.

    Args:
        request_id: letters, digits and `. _ -` only.
        time: UTC, such as 2013-10-01T12:00:00.000Z.
        model_version: of the model that scored.
        rows: column to value, as the client sent them.
        predictions: as the client got them.
    """
    named = {"time": time, "model_version": model_version}
    return b"".join(
        line({"request_id": request_id, "row": place, **named, "values": dict(row), **prediction})
        for place, (row, prediction) in enumerate(zip(rows, predictions, strict=True))
    )


def label_line(key: Key, time: str, label: Any) -> bytes:
    """Write what became of a prediction."""
    return line({"request_id": key[0], "row": key[1], "time": time, "label": label})


def line(value: dict[str, Any]) -> bytes:
    """Write JSON on one line; the request's id stands first, where `find` looks for it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def days(folder: Path) -> list[Path]:
    """List the days' folders, the newest first."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"), reverse=True)


def read_predictions(day: Path) -> Iterator[dict[str, Any]]:
    """Read what was predicted on a day; a line that a crash cut off is left out."""
    return read_lines(sorted(day.glob("predictions-*.jsonl")))


def read_labels(day: Path) -> dict[Key, Any]:
    """Read the labels of a day's predictions; a line that is not whole is left out."""
    whole = (line for line in read_lines(day.glob("labels.jsonl")) if line.keys() >= LABEL)
    return {(line["request_id"], line["row"]): line["label"] for line in whole}


def read_lines(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Read JSON lines, without those that are not whole."""
    for path in paths:
        with path.open("rb") as file:
            yield from filter(None, map(parsed, file))


def parsed(text: bytes) -> dict[str, Any]:
    """Read a line; one that is not whole gives nothing."""
    try:
        return dict(json.loads(text)) if text.endswith(b"\n") else {}
    except ValueError:
        return {}


def find(folder: Path, wanted: Iterable[Key]) -> dict[Key, tuple[Path, str]]:
    """Find predictions, the newest first: their day's folder and their time."""
    found: dict[Key, tuple[Path, str]] = {}
    left = set(wanted)
    for day in days(folder):
        if left:
            found |= {key: (day, time) for key, time in find_in(day, left)}
            left -= found.keys()
    return found


def find_in(day: Path, wanted: set[Key]) -> Iterator[tuple[Key, str]]:
    """Find predictions of a day; only the lines of their requests are parsed."""
    ids, begin = {request_id.encode() for request_id, _ in wanted}, len(START)
    for path in day.glob("predictions-*.jsonl"):
        with path.open("rb") as file:
            for text in file:
                told = parsed(text) if text[begin : text.find(b'"', begin)] in ids else {}
                key = told.get("request_id", ""), told.get("row", 0)
                if key in wanted:
                    yield key, told["time"]


def append(path: Path, content: bytes) -> None:
    """Write whole lines at the end of a file, or none.

    Raises:
        OSError: the disk refused.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        start = file.seek(0, 2)
        rest = memoryview(content if ends_a_line(file, start) else b"\n" + content)
        try:
            while rest:
                rest = rest[file.write(rest) or 0 :]
        except OSError:
            file.truncate(start)
            raise


def ends_a_line(file: RawIOBase, length: int) -> bool:
    """Say whether a file is empty or its last line whole: a crash may have cut it off."""
    if not length:
        return True
    file.seek(length - 1)
    return file.read(1) == b"\n"
