"""User errors and interrupts of the commands: one line on stderr, exit code 1 or 130."""

import io
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

import typer

from .credentials import without_credentials

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class UserError(Exception):
    """An error that the user can fix; the message names the thing, its value and the remedy.

    Addresses in the message lose their credentials.
    """

    code = 1

    def __init__(self, message: str) -> None:
        """Keep the message without credentials."""
        super().__init__(without_credentials(message))


class Interrupted(UserError):
    """Ctrl+C or SIGTERM after partial results were written; the message says how to continue."""

    code = 130


@contextmanager
def exit_on_user_error() -> Iterator[None]:
    """Print a user error on stderr and exit with code 1; exit with 130 on Ctrl+C or SIGTERM."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    _replace_unknown_characters()
    try:
        yield
    except KeyboardInterrupt as interrupt:
        typer.echo("error: interrupted; all changes were rolled back", err=True)
        raise typer.Exit(130) from interrupt
    except (UserError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(error.code if isinstance(error, UserError) else 1) from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _replace_unknown_characters() -> None:
    """Let this process print `?` for what the terminal's encoding lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@contextmanager
def ignore_interrupts() -> Iterator[None]:
    """Ignore Ctrl+C and SIGTERM in a block and in the processes that it starts."""
    if current_thread() is not main_thread():
        yield
        return
    before = [signal.signal(number, signal.SIG_IGN) for number in SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def defer_interrupts() -> Iterator[None]:
    """Defer Ctrl+C and SIGTERM to the block's end; processes started in it never receive them."""
    with delay_interrupts(), _mask(block=True):
        yield


@contextmanager
def delay_interrupts() -> Iterator[None]:
    """Raise KeyboardInterrupt for a Ctrl+C or SIGTERM in a block at its end, in the main thread.

    Another thread, such as a progress bar's, may receive the signal; processes started in the block
    receive it as usual.
    """
    if current_thread() is not main_thread():
        yield
        return
    received: list[int] = []
    before = [signal.signal(one, lambda number, _: received.append(number)) for one in SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
        if received:
            raise KeyboardInterrupt


@contextmanager
def allow_interrupts() -> Iterator[None]:
    """Receive Ctrl+C and SIGTERM again in a process that was started while they were deferred."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _mask(block=False):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _mask(*, block: bool) -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    how = signal.SIG_BLOCK if block else signal.SIG_UNBLOCK
    before = signal.pthread_sigmask(how, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
