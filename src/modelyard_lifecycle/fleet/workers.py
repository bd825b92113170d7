"""Run functions on all cores in processes; Copier changes the working directory, so no threads."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from ..errors import defer_interrupts
from .mirrors import mirrors_of, use_mirrors

Result = TypeVar("Result")


@contextmanager
def run_on_all_cores(
    function: Callable[..., Result], calls: Sequence[tuple[object, ...]], templates: Iterable[str]
) -> Iterator[list["Future[Result]"]]:
    """Call a function with each tuple of arguments; Ctrl+C in the block cancels pending calls.

    The processes ignore Ctrl+C and SIGTERM, which a terminal or a service manager sends to them as
    well; a long-running function accepts them by `allow_interrupts`.

    Args:
        function: the function to call.
        calls: its arguments for each call.
        templates: the templates that it renders; each is fetched once.
    """
    processes = min(os.cpu_count() or 1, len(calls) or 1)
    with (
        mirrors_of(templates) as mirrors,
        ProcessPoolExecutor(processes, get_context("spawn"), use_mirrors, (mirrors,)) as pool,
    ):
        with defer_interrupts():
            futures = [pool.submit(function, *arguments) for arguments in calls]
        try:
            yield futures
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
