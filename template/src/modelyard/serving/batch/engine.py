"""Chunks on all cores, in threads: Polars, NumPy and ONNX Runtime let others run meanwhile."""

import os
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Protocol

from ...console import UserError
from ...project import Project
from ..predictor import Predictor
from .chunks import Chunk
from .score import Scored, score

AHEAD = 4
Results = Generator[tuple[Chunk, Scored]]
ENGINES = ("threads", "ray")


class Engine(Protocol):
    """Scores chunks with the model of a folder, and gives the results in the chunks' order."""

    def __call__(
        self, chunks: Iterable[Chunk], models: Path, project: Project, workers: int
    ) -> Results:
        """Score."""


def engine_of(name: str) -> Engine:
    """Give what scores the chunks.

    Raises:
        UserError: the project was made without Ray.
    """
    if name == "threads":
        return in_threads
    try:
        from .ray import in_ray
    except ModuleNotFoundError as lack:
        remedy = "uvx copier update --defaults --vcs-ref=:current: --data scale_out=ray"
        raise UserError(f"--engine ray needs {lack.name}; add it: {remedy}") from None
    return in_ray


def in_threads(chunks: Iterable[Chunk], models: Path, project: Project, workers: int) -> Results:
    """Score chunks in threads; few wait for their turn, so memory stays flat.

    Raises:
        UserError: a file is damaged.
    """
    predictor = Predictor(models, project.schema, project.build)
    work = partial(score, predictor=predictor, schema=project.schema)
    workers = workers or cores()
    waiting: deque[tuple[Chunk, Future[Scored]]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(work, chunk)))
            if len(waiting) >= AHEAD * workers:
                yield result(waiting)
        while waiting:
            yield result(waiting)
    finally:
        pool.shutdown(cancel_futures=True)


def result(waiting: deque[tuple[Chunk, Future[Scored]]]) -> tuple[Chunk, Scored]:
    """Wait for the first chunk."""
    chunk, scored = waiting.popleft()
    return chunk, scored.result()


def cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
