"""Score chunks in threads on all cores: Polars, NumPy and ONNX Runtime release the GIL."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from ...console import UserError
from ...project import Project
from ..predictor import Predictor
from .chunks import Chunk
from .score import ScoredChunk, score

QUEUED_PER_WORKER = 4
Results = Generator[tuple[Chunk, ScoredChunk]]
# scores chunks with the model of a folder in some workers; results have the chunks' order
Engine = Callable[[Iterable[Chunk], Path, Project, int], Results]
ENGINES = ("threads", "ray")


def get_engine(name: str) -> Engine:
    """Return the engine with this name."""
    if name == "threads":
        return score_in_threads
    try:
        from .ray import score_in_ray
    except ModuleNotFoundError as error:
        remedy = "uvx copier update --defaults --vcs-ref=:current: --data scale_out=ray"
        raise UserError(f"--engine ray needs {error.name}; add it: {remedy}") from None
    return score_in_ray


def score_in_threads(
    chunks: Iterable[Chunk], models: Path, project: Project, workers: int
) -> Results:
    """Score chunks in threads, with a bounded queue so that memory use stays constant."""
    predictor = Predictor(models, project.schema, project.build)
    work = partial(score, predictor=predictor, schema=project.schema)
    workers = workers or cores()
    waiting: deque[tuple[Chunk, Future[ScoredChunk]]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(work, chunk)))
            if len(waiting) >= QUEUED_PER_WORKER * workers:
                yield next_result(waiting)
        while waiting:
            yield next_result(waiting)
    finally:
        pool.shutdown(cancel_futures=True)


def next_result(waiting: deque[tuple[Chunk, Future[ScoredChunk]]]) -> tuple[Chunk, ScoredChunk]:
    """Wait for the result of the first chunk."""
    chunk, scored = waiting.popleft()
    return chunk, scored.result()


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
