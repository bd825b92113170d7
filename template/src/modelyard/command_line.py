"""The command line of the project's commands: one shape of help, with an example at its end."""

import argparse
import sys
from collections.abc import Callable
from datetime import date

from .console import run


def parser(module: str, about: str | None, example: str = "") -> argparse.ArgumentParser:
    """Make the parser of a command that is run as `python -m MODULE`.

    Args:
        module: its name, with the package's.
        about: what it does; lines stay as they are.
        example: the words after the module's name in a line that works.
    """
    words = f"python -m {module}"
    return argparse.ArgumentParser(
        words,
        description=about,
        epilog=f"example:\n  uv run {words} {example}".rstrip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def run_bare(main: Callable[[], None], about: str | None) -> None:
    """Run the command that Python was started with, which takes no arguments but `--help`."""
    spec = sys.modules["__main__"].__spec__
    bare = parser(spec.name if spec else sys.argv[0], about)

    def parsed() -> None:
        bare.parse_args()
        main()

    run(parsed)


def to_day(text: str) -> date:
    """Read a day.

    Raises:
        ArgumentTypeError: no calendar has it.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"is {text!r}, allowed is a day such as 2013-10-01"
        ) from None


def to_whole(text: str) -> int:
    """Read a whole number.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"is {text!r}, allowed is a whole number") from None
