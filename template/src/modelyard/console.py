"""Run commands: user errors end with one line instead of a traceback; lists and tables."""

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

noted: dict[str, Any] = {}


def note(**results: Any) -> None:
    """Add results to the entry of the running command in the ledger of what ran."""
    noted.update(results)


class UserError(Exception):
    """An error that the user can fix; the message says what is wrong and how to fix it.

    Functions named `refuse_…` or `check_…`, or whose docstring begins with "Refuse", raise it.
    """

    label, exit_code = "error", 1


def run(main: Callable[[], None]) -> None:
    """Run a command's `main`; a user error or an OSError ends it with one line and a code."""
    try:
        main()
    except UserError as error:
        with suppress(OSError):
            sys.stdout.flush()  # what was printed before comes first
        print(f"{error.label}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as failure:
        named = failure.filename is not None and failure.strerror
        sys.exit(f"error: {failure.filename}: {failure.strerror}" if named else f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit("stopped")


def first_line(failure: BaseException) -> str:
    """Return the first line of an error's message, or the name of its type if it has none."""
    return next(iter(str(failure).strip().splitlines()), type(failure).__name__)


def listed(values: Sequence[object], most: int = 5, separator: str = ", ") -> str:
    """Join the first values for a message, with the number of the others."""
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return separator.join(map(str, values[:most])) + more


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Format rows as a Markdown table whose columns are aligned in plain text, too."""
    lines = [[*head], ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ([c.ljust(w) for c, w in zip(line, widths, strict=True)] for line in lines)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)
