"""The same run on many machines: Ray Data on a cluster of this machine, or on RAY_ADDRESS."""

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

from ...console import UserError
from ...project import Project, load
from ..predictor import Predictor
from .chunks import Chunk
from .engine import Results
from .score import Scored, score

FILES = ("model.onnx", "model.json")
KNOCK_S = 5
ROOT = str(__package__).partition(".")[0]
BUGS = (ray.exceptions.RayTaskError, ray.exceptions.UserCodeException)


def scored(
    places: pa.Table, chunks: list[Chunk], model: tuple[bytes, ...], package: str
) -> pa.Table:
    """Score the chunks at some places of the list, in a process of Ray's.

    Args:
        places: one column of them, `place`.
        chunks: all chunks of the run.
        model: the files of the accepted model.
        package: the name of the project's package.
    """
    rows = [scored_chunk(place, chunks, model, package) for place in places["place"].to_pylist()]
    return pa.Table.from_pylist(rows)


def scored_chunk(
    place: int, chunks: list[Chunk], model: tuple[bytes, ...], package: str
) -> dict[str, Any]:
    """Score one chunk; a mistake of the reader's travels as text."""
    try:
        predictor = loaded(model, package)
        found = vars(score(chunks[place], predictor, predictor.schema))
    except UserError as mistake:
        return vars(Scored(b"", b"", 0, 0)) | {"place": place, "mistake": str(mistake)}
    return found | {"place": place, "mistake": ""}


@cache
def loaded(model: tuple[bytes, ...], package: str) -> Predictor:
    """Load the model, once in a process."""
    project = load(package)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in zip(FILES, model, strict=True):
            Path(folder, name).write_bytes(content)
        return Predictor(Path(folder), project.schema, project.build)


def in_ray(chunks: Iterable[Chunk], models: Path, project: Project, workers: int) -> Results:
    """Score chunks by Ray Data; every machine must see the input's files under the same path.

    Args:
        chunks: in order.
        models: folder of the accepted model.
        project: the project's own part.
        workers: how many processes; 0 is one for each core of the cluster.

    Raises:
        UserError: a file is damaged, or the cluster failed.
    """
    listed = [absolute(chunk) for chunk in chunks]
    if not listed:
        return
    connect(os.environ.get("RAY_ADDRESS", ""), project.package)
    try:
        for row in dataset(listed, models, project.package, workers).iter_rows():
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


def connect(address: str, package: str) -> None:
    """Join a cluster, to which the code of both packages is sent, or start one on this machine.

    Raises:
        UserError: there is no cluster at the address.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    folders = [str(Path(str(sys.modules[name].__file__)).parent) for name in (ROOT, package)]
    code = {"py_modules": folders} if address else {}
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


def dataset(chunks: list[Chunk], models: Path, package: str, workers: int) -> Any:
    """Plan the run: a task for each chunk, which another machine takes over if one is lost."""
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    model = tuple((models / name).read_bytes() for name in FILES)
    places = [{"place": place} for place in range(len(chunks))]
    return ray.data.from_items(places, override_num_blocks=len(chunks)).map_batches(
        partial(scored, chunks=chunks, model=model, package=package),
        batch_size=1,
        batch_format="pyarrow",
        compute=ray.data.TaskPoolStrategy(workers or None),
    )
