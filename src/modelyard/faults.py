"""What stops a command: one sentence for the user, exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer


class Fault(Exception):
    """A reason to stop; its text names the thing, what was found and what to do."""


@contextmanager
def faults_told() -> Iterator[None]:
    """Turn a fault into a sentence on the standard error and exit code 1."""
    try:
        yield
    except (Fault, OSError) as fault:
        typer.echo(f"error: {fault}", err=True)
        raise typer.Exit(1) from fault
