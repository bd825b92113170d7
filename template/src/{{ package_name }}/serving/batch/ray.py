"""The same run on many machines: Ray Data on a cluster of this machine, or on RAY_ADDRESS."""

import logging
import os
import socket
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray

from ... import __file__ as package
from ...console import UserError, run
from ...schema import SCHEMA
from ..predictor import Predictor
from .__main__ import arguments
from .chunks import Chunk
from .engine import Results
from .job import run_batch
from .score import Scored, score

FILES = ("model.onnx", "model.json")
KNOCK_S = 5
BUGS = (ray.exceptions.RayTaskError, ray.exceptions.UserCodeException)


def scored(places: pa.Table, chunks: list[Chunk], model: tuple[bytes, ...]) -> pa.Table:
    """Score the chunks at some places of the list, in a process of Ray's.

    Args:
        places: one column of them, `place`.
        chunks: all chunks of the run.
        model: the files of the accepted model.
    """
    rows = [scored_chunk(place, chunks, model) for place in places["place"].to_pylist()]
    return pa.Table.from_pylist(rows)


def scored_chunk(place: int, chunks: list[Chunk], model: tuple[bytes, ...]) -> dict[str, Any]:
    """Score one chunk; a mistake of the reader's travels as text."""
    try:
        found = vars(score(chunks[place], loaded(model), SCHEMA))
    except UserError as mistake:
        return vars(Scored(b"", b"", 0, 0)) | {"place": place, "mistake": str(mistake)}
    return found | {"place": place, "mistake": ""}


@cache
def loaded(model: tuple[bytes, ...]) -> Predictor:
    """Load the model, once in a process."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in zip(FILES, model, strict=True):
            Path(folder, name).write_bytes(content)
        return Predictor(Path(folder))


def in_ray(chunks: Iterable[Chunk], models: Path, workers: int) -> Results:
    """Score chunks by Ray Data; every machine must see the input's files under the same path.

    Args:
        chunks: in order.
        models: folder of the accepted model.
        workers: how many processes; 0 is one for each core of the cluster.

    Raises:
        UserError: a file is damaged, or the cluster failed.
    """
    listed = [absolute(chunk) for chunk in chunks]
    if not listed:
        return
    connect(os.environ.get("RAY_ADDRESS", ""))
    try:
        for row in dataset(listed, models, workers).iter_rows():
            place, mistake = row.pop("place"), row.pop("mistake")
            if mistake:
                raise UserError(mistake)
            yield listed[place], Scored(**row)
    except BUGS:
        raise
    except ray.exceptions.RayError as failure:
        raise UserError(
            f"the cluster failed: {first_line(failure)}; nothing is published, "
            "give the same command again and it goes on where it was"
        ) from None
    finally:
        ray.shutdown()


def absolute(chunk: Chunk) -> Chunk:
    """Name a chunk's file so that another process finds it."""
    return replace(chunk, source=replace(chunk.source, path=chunk.source.path.resolve()))


def connect(address: str) -> None:
    """Join a cluster, to which the package's code is sent, or start one on this machine.

    Raises:
        UserError: there is no cluster at the address.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    code = {"py_modules": [str(Path(str(package)).parent)]} if address else {}
    own = {} if address else {"include_dashboard": False}
    options: dict[str, Any] = {"runtime_env": code, "log_to_driver": False, **own}
    try:
        knock(address)
        ray.init(address or "local", logging_level=logging.ERROR, **options)
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as failure:
        raise UserError(
            f"RAY_ADDRESS is {address!r}, no cluster answers: {first_line(failure)}; "
            "one that asks for a token needs RAY_AUTH_TOKEN here too"
        ) from None


def knock(address: str) -> None:
    """See whether anybody listens at an address with a port: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if port.isdigit() and "://" not in host:
        socket.create_connection((host.strip("[]"), int(port)), KNOCK_S).close()


def first_line(failure: Exception) -> str:
    """Give what an error says first: Ray's errors are pages."""
    return next(iter(str(failure).splitlines()), type(failure).__name__)


def dataset(chunks: list[Chunk], models: Path, workers: int) -> Any:
    """Plan the run: a task for each chunk, which another machine takes over if one is lost."""
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    model = tuple((models / name).read_bytes() for name in FILES)
    places = [{"place": place} for place in range(len(chunks))]
    return ray.data.from_items(places, override_num_blocks=len(chunks)).map_batches(
        partial(scored, chunks=chunks, model=model),
        batch_size=1,
        batch_format="pyarrow",
        compute=ray.data.TaskPoolStrategy(workers or None),
    )


def main() -> None:
    """Score, and say what came of it."""
    options = arguments(f"{__package__}.ray")
    print(f"batch: {run_batch(options.input, options.output, in_ray)}")


if __name__ == "__main__":
    from .ray import main as importable  # other processes find by name what they run

    run(importable)
