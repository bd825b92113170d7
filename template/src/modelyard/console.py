"""How a command ends: what a reader can mend is one line, not a traceback."""

import sys
from collections.abc import Callable


class UserError(Exception):
    """A mistake that the person at the keyboard can mend; the text says what and how."""


def run(main: Callable[[], None]) -> None:
    """Run a command's `main`; a mistake or a failing disk ends it with one line and exit code 1."""
    try:
        main()
    except UserError as mistake:
        sys.exit(f"error: {mistake}")
    except OSError as failure:
        named = failure.filename is not None and failure.strerror
        sys.exit(f"error: {failure.filename}: {failure.strerror}" if named else f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit("stopped")
