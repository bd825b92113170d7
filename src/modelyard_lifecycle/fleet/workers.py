"""Work on all cores, in processes: Copier changes the folder of its own, so no threads."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from ..errors import postponed

One = TypeVar("One")


@contextmanager
def on_all_cores(
    work: Callable[..., One], pieces: Sequence[tuple[object, ...]]
) -> Iterator[list["Future[One]"]]:
    """Start the work on each piece; a break in the `with` block cancels what has not begun.

    The processes take no notice of Ctrl+C, which a terminal sends to them, too; work that takes
    long lets it through by `interruptible`.
    """
    with ProcessPoolExecutor(
        min(os.cpu_count() or 1, len(pieces) or 1), get_context("spawn")
    ) as pool:
        with postponed():
            begun = [pool.submit(work, *piece) for piece in pieces]
        try:
            yield begun
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
