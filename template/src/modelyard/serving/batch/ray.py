"""Score chunks with Ray Data, on a cluster at RAY_ADDRESS or a local one."""

import logging
import os
import socket
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray

from ...console import UserError, first_line
from ...project import Project, load
from ..predictor import Predictor
from .chunks import Chunk
from .engine import Results
from .score import ScoredChunk, score

FILES = ("model.onnx", "model.json")
CONNECT_TIMEOUT_S = 5
ROOT = str(__package__).partition(".")[0]
TASK_ERRORS = (ray.exceptions.RayTaskError, ray.exceptions.UserCodeException)


def score_batch(
    indices: pa.Table, chunks: list[Chunk], model: tuple[bytes, ...], package: str
) -> pa.Table:
    """Score the chunks that the column `index` refers to, in a worker process of Ray."""
    rows = [score_chunk(index, chunks, model, package) for index in indices["index"].to_pylist()]
    return pa.Table.from_pylist(rows)


def score_chunk(
    index: int, chunks: list[Chunk], model: tuple[bytes, ...], package: str
) -> dict[str, Any]:
    """Score a chunk; a user error is returned as text."""
    try:
        predictor = load_predictor(model, package)
        scored = vars(score(chunks[index], predictor, predictor.schema))
    except UserError as error:
        return vars(ScoredChunk(b"", b"", 0, 0)) | {"index": index, "error": str(error)}
    return scored | {"index": index, "error": ""}


@cache
def load_predictor(model: tuple[bytes, ...], package: str) -> Predictor:
    """Load the model, once per process."""
    project = load(package)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in zip(FILES, model, strict=True):
            Path(folder, name).write_bytes(content)
        return Predictor(Path(folder), project.schema, project.build)


def score_in_ray(chunks: Iterable[Chunk], models: Path, project: Project, workers: int) -> Results:
    """Score chunks with Ray Data; every machine must see the input files under the same path.

    The number of workers is that of processes; 0 for one per core of the cluster.
    """
    listed = [absolute(chunk) for chunk in chunks]
    if not listed:
        return
    connect(os.environ.get("RAY_ADDRESS", ""), project.package)
    try:
        for row in dataset(listed, models, project.package, workers).iter_rows():
            index, error = row.pop("index"), row.pop("error")
            if error:
                raise UserError(error)
            yield listed[index], ScoredChunk(**row)
    except TASK_ERRORS:
        raise
    except ray.exceptions.RayError as failure:
        raise UserError(
            f"the cluster failed: {first_line(failure)}; nothing was published, "
            "run the same command again to resume"
        ) from None
    finally:
        ray.shutdown()


def absolute(chunk: Chunk) -> Chunk:
    """Return a chunk with the absolute path of its file, for other processes."""
    return replace(chunk, source=replace(chunk.source, path=chunk.source.path.resolve()))


def connect(address: str, package: str) -> None:
    """Connect to a cluster and send it the code of both packages, or start a local cluster."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    folders = [str(Path(str(sys.modules[name].__file__)).parent) for name in (ROOT, package)]
    code = {"py_modules": folders} if address else {}
    own = {} if address else {"include_dashboard": False}
    options: dict[str, Any] = {"runtime_env": code, "log_to_driver": False, **own}
    try:
        host, _, port = address.rpartition(":")
        if port.isdigit() and "://" not in host:  # Ray itself would retry for minutes
            socket.create_connection((host.strip("[]"), int(port)), CONNECT_TIMEOUT_S).close()
        ray.init(address or "local", logging_level=logging.ERROR, **options)
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as failure:
        raise UserError(
            f"RAY_ADDRESS is {address!r}, no cluster responds: {first_line(failure)}; "
            "a cluster with token authentication needs RAY_AUTH_TOKEN here too"
        ) from None


def dataset(chunks: list[Chunk], models: Path, package: str, workers: int) -> Any:
    """Return the dataset of results, with a task per chunk that is retried if a node is lost."""
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    model = tuple((models / name).read_bytes() for name in FILES)
    indices = [{"index": index} for index in range(len(chunks))]
    return ray.data.from_items(indices, override_num_blocks=len(chunks)).map_batches(
        partial(score_batch, chunks=chunks, model=model, package=package),
        batch_size=1,
        batch_format="pyarrow",
        compute=ray.data.TaskPoolStrategy(workers or None),
    )
