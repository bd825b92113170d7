"""How a command ends, one line and no traceback for what a reader can mend; and its tables."""

import sys
from collections.abc import Callable, Iterable, Sequence


class UserError(Exception):
    """A mistake that the person at the keyboard can mend; the text says what and how.

    What is called `refuse_…` or `check_…`, and whose first line begins with "Refuse", raises it.
    """


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


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay rows out as a table in Markdown, whose columns are aligned as plain text, too."""
    lines = [[*head], ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ([c.ljust(w) for c, w in zip(line, widths, strict=True)] for line in lines)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)
