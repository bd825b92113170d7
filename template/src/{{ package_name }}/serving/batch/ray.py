"""The same run on many machines: Ray Data on a cluster of this machine, or on RAY_ADDRESS."""

import logging
import os
import tempfile
from collections.abc import Iterable
from dataclasses import replace
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


class ChunkScorer:
    """What each of Ray's processes does with the chunks that it gets, the model loaded once.

    Args:
        chunks: all chunks of the run.
        model: the files of the accepted model.
    """

    def __init__(self, chunks: list[Chunk], model: dict[str, bytes]) -> None:
        """Load the model."""
        self.chunks = chunks
        with tempfile.TemporaryDirectory() as folder:
            for name, content in model.items():
                Path(folder, name).write_bytes(content)
            self.predictor = Predictor(Path(folder))

    def __call__(self, places: pa.Table) -> pa.Table:
        """Score the chunks at some places of the list."""
        return pa.Table.from_pylist([self.scored(place) for place in places["place"].to_pylist()])

    def scored(self, place: int) -> dict[str, Any]:
        """Score one chunk; a mistake of the reader's travels as text."""
        try:
            found = vars(score(self.chunks[place], self.predictor, SCHEMA))
        except UserError as mistake:
            return vars(Scored(b"", b"", 0, 0)) | {"place": place, "mistake": str(mistake)}
        return found | {"place": place, "mistake": ""}


def in_ray(chunks: Iterable[Chunk], models: Path, workers: int) -> Results:
    """Score chunks by Ray Data; every machine must see the input's files under the same path.

    Args:
        chunks: in order.
        models: folder of the accepted model.
        workers: how many processes; 0 is one for each core of the cluster.

    Raises:
        UserError: a file is damaged.
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
    options: dict[str, Any] = {"runtime_env": code, "log_to_driver": False}
    try:
        ray.init(address or "local", logging_level=logging.ERROR, **options)
    except (ConnectionError, RuntimeError, ValueError) as failure:
        raise UserError(
            f"RAY_ADDRESS is {address!r}, no cluster answers: {failure}; "
            "one that asks for a token needs RAY_AUTH_TOKEN here too"
        ) from None


def dataset(chunks: list[Chunk], models: Path, workers: int) -> Any:
    """Plan the run: a block for each chunk, a process for each core."""
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    size = min(len(chunks), workers or max(1, int(ray.cluster_resources().get("CPU", 1))))
    model = {name: (models / name).read_bytes() for name in FILES}
    places = [{"place": place} for place in range(len(chunks))]
    return ray.data.from_items(places, override_num_blocks=len(chunks)).map_batches(
        ChunkScorer,
        batch_size=1,
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=size),
        fn_constructor_kwargs={"chunks": chunks, "model": model},
    )


def main() -> None:
    """Score, and say what came of it."""
    options = arguments()
    print(f"batch: {run_batch(options.input, options.output, in_ray)}")


if __name__ == "__main__":
    run(main)
