"""What stops a command: one sentence for the user, exit code 1; 130 if it was the user."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

import typer


class Fault(Exception):
    """A reason to stop; its text names the thing, what was found and what to do."""

    code = 1


class Stopped(Fault):
    """Ctrl+C or SIGTERM, where something stays; its text says what, and how to go on."""

    code = 130


@contextmanager
def faults_told() -> Iterator[None]:
    """Turn a fault into a sentence on the standard error and exit code 1, a break into 130."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt as stopped:
        typer.echo("error: interrupted; what was begun has been taken back", err=True)
        raise typer.Exit(130) from stopped
    except (Fault, OSError) as fault:
        typer.echo(f"error: {fault}", err=True)
        raise typer.Exit(fault.code if isinstance(fault, Fault) else 1) from fault
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no break reach what is begun here, by git too: it comes to its end."""
    if current_thread() is not main_thread():
        yield
        return
    breaks = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(one, signal.SIG_IGN) for one in breaks]
    try:
        yield
    finally:
        for one, handler in zip(breaks, before, strict=True):
            signal.signal(one, handler)


@contextmanager
def postponed() -> Iterator[None]:
    """Keep Ctrl+C back until the block has ended; processes that begin in it never hear it."""
    with _noted(), _masked(block=True):
        yield


@contextmanager
def _noted() -> Iterator[None]:
    """Act on a Ctrl+C that another thread has heard, such as a progress bar's, at the end only."""
    if current_thread() is not main_thread():
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl+C reach what runs here, in a process that was started while it was postponed."""
    with _masked(block=False):
        yield


@contextmanager
def _masked(*, block: bool) -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    how = signal.SIG_BLOCK if block else signal.SIG_UNBLOCK
    before = signal.pthread_sigmask(how, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
