"""Show the whole output of git, Copier and other programs on stderr, for `--verbose`."""

import os
import sys

from .credentials import without_credentials

VARIABLE = "MODELYARD_VERBOSE"  # processes of a fleet command inherit it
HINT = "--verbose shows all of it"


def is_verbose() -> bool:
    """Return whether all output is wanted."""
    return os.environ.get(VARIABLE, "0") not in ("", "0")


def be_verbose(wanted: bool) -> bool:
    """Show all output from now on if it is wanted."""
    if wanted:
        os.environ[VARIABLE] = "1"
    return wanted


def show(output: str) -> None:
    """Print an output without credentials if all output is wanted."""
    if is_verbose() and output.strip():
        sys.stderr.write(f"{without_credentials(output.rstrip())}\n")
        sys.stderr.flush()


def line_of(output: str, line: str) -> str:
    """Return a line of an output; if the output has more lines, with a hint at `--verbose`."""
    more = [one for one in output.splitlines() if one.strip() and one.strip() != line.strip()]
    return f"{line.strip()}; {HINT}" if more and not is_verbose() else line.strip()
