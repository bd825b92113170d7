"""Records of served predictions and of their true labels, which monitoring reads.

A folder holds one folder per day (UTC) of prediction, with JSON lines files. Each process writes
to files of its own, so that several machines can share the folder and none waits for others:

    2013-10-01/predictions-WRITER.jsonl  request_id, row, time, model_version, values, prediction,
                                         and score or scores as in the response
    2013-10-01/labels-WRITER.jsonl       request_id, row, time, label
    2013-10-01/sample-WRITER.json        if requests were left out for a quota: number of rows, and
                                         lowest tier of the sample (the highest one counts)
    2013-10-01/claimed-WRITER-….jsonl    predictions that WRITER is about to delete

`row` is the index of the row in its request, from 0; both identify a prediction. A label is stored
in the folder of the day of its prediction. Of two labels for one prediction the earlier counts.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..files import read_json

Key = tuple[str, int]
LABEL = {"request_id", "row", "label"}
PREDICTIONS, LABELS, CLAIMED = "predictions-*.jsonl", "labels*.jsonl", "claimed-*.jsonl"
TIER_FILES = "predictions-*-[0-9][0-9].jsonl"


def hash_number(request_id: str) -> int:
    """Return the hash of an id as a number below 2**64; it is the same in every process."""
    return int.from_bytes(hashlib.blake2b(request_id.encode(), digest_size=8).digest())


def is_sampled(request_id: str, share: float) -> bool:
    """Return whether an id belongs to the sample."""
    return hash_number(request_id) < share * 2**64


def tier(request_id: str) -> int:
    """Return the greatest k for which an id belongs to the share 2**-k."""
    return 64 - hash_number(request_id).bit_length()


def read_samples(day: Path) -> list[dict[str, int]]:
    """Return what each writer that left requests out says: its lowest tier, and the rows."""
    return [read_json(path, "delete it") for path in day.glob("sample-*.json")]


def lowest_tier(day: Path) -> int:
    """Return the lowest tier of a day's sample: the highest that a writer has reached."""
    return max((sample["tier"] for sample in read_samples(day)), default=0)


def lower_files(day: Path, lowest: int) -> list[Path]:
    """List the files of predictions of tiers below the lowest."""
    return [path for path in day.glob(TIER_FILES) if int(path.stem[-2:]) < lowest]


def prediction_files(day: Path) -> list[Path]:
    """List the files of the predictions of a day's sample."""
    return sorted(set(day.glob(PREDICTIONS)) - set(lower_files(day, lowest_tier(day))))


def count_left_out(day: Path) -> int:
    """Count the rows that are left out of a day's sample, also those not deleted yet."""
    removed = [*lower_files(day, lowest_tier(day)), *day.glob(CLAIMED)]
    left_out = sum(sample["left_out"] for sample in read_samples(day))
    return left_out + sum(1 for _ in read_lines(removed))


def prediction_lines(
    request_id: str,
    time: str,
    model_version: str,
    rows: Iterable[Mapping[str, Any]],
    predictions: Iterable[Mapping[str, Any]],
) -> bytes:
    """Format the rows and predictions of a request at a time (UTC) as JSON lines."""
    common = {"time": time, "model_version": model_version}
    return b"".join(
        line({"request_id": request_id, "row": index, **common, "values": dict(row), **prediction})
        for index, (row, prediction) in enumerate(zip(rows, predictions, strict=True))
    )


def label_line(key: Key, time: str, label: Any) -> bytes:
    """Format the true label of a prediction as a JSON line."""
    return line({"request_id": key[0], "row": key[1], "time": time, "label": label})


def line(value: dict[str, Any]) -> bytes:
    """Format a JSON line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def days(folder: Path) -> list[Path]:
    """List the folders of the days, newest first."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"), reverse=True)


def read_labels(day: Path) -> dict[Key, Any]:
    """Read the labels of a day's predictions, without incomplete lines."""
    lines = read_lines(sorted(day.glob(LABELS)))
    whole = (line for line in lines if line.keys() >= LABEL)
    latest_first = sorted(whole, key=lambda line: str(line.get("time")), reverse=True)
    return {(line["request_id"], line["row"]): line["label"] for line in latest_first}


def read_lines(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Read JSON lines, without incomplete ones."""
    return filter(None, map(parse_line, file_lines(paths)))


def file_lines(paths: Iterable[Path], start: int = 0) -> Iterator[bytes]:
    """Yield the lines of files from a byte on; one that was deleted meanwhile has none."""
    for path in paths:
        with suppress(FileNotFoundError), path.open("rb") as file:
            file.seek(start)
            yield from file


def file_size(path: Path) -> int:
    """Return the size of a file in bytes, 0 if it was deleted meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def parse_line(text: bytes) -> dict[str, Any]:
    """Parse a line; return an empty dict for an incomplete one."""
    try:
        return dict(json.loads(text)) if text.endswith(b"\n") else {}
    except (ValueError, TypeError):
        return {}


def append(path: Path, content: bytes) -> None:
    """Append complete lines to a file; on an error it stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        start = file.seek(0, 2)
        file.seek(max(0, start - 1))
        is_cut = file.read(1) not in (b"", b"\n")  # the last line, by a crash
        rest = memoryview(b"\n" + content if is_cut else content)
        try:
            while rest:
                rest = rest[file.write(rest) or 0 :]
        except OSError:
            file.truncate(start)
            raise
