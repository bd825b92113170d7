"""Create a project for a table: copy, draft, first training."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from .draft.wish import Wish
from .errors import UserError
from .new import refuse_existing, run_first_steps
from .progress import shown_steps

LONGEST_NAME = 60  # characters of an answer to project_name
LONGEST_DESCRIPTION = 200


class Table(NamedTuple):
    """A file or folder, and the options of `modelyard draft`."""

    path: Path
    wish: Wish


def split_table(
    data: list[str], target: str | None, key: str | None, time: str | None
) -> tuple[Table | None, list[str]]:
    """Separate the table from the answers, which have an equals sign; None without --target.

    Raises:
        UserError: --target is given without a table, or with several; or other options without it.
    """
    if target is None:
        if key or time:
            raise UserError("--key and --time need --data TABLE and --target NAME")
        return None, data
    paths = [one for one in data if "=" not in one or Path(one).exists()]
    if len(paths) != 1:
        found = ", ".join(paths) or "none"
        raise UserError(f"--target needs one table, --data TABLE; found: {found}")
    return Table(Path(paths[0]), Wish(target, key, time)), [one for one in data if one != paths[0]]


def suggested_answers(table: Table, folder: Path) -> dict[str, str]:
    """Return defaults of questions for a table: the project's name is that of its folder.

    Args:
        table: the file or folder, and its target.
        folder: the project's folder.
    """
    words = re.sub(r"[\W_]+", " ", folder.resolve().name or table.path.stem).split()
    name = " ".join(word[0].upper() + word[1:] for word in words)[:LONGEST_NAME].strip()
    text = f"Predicts {table.wish.target} from the columns of {table.path.name}."
    about = " ".join(text.split())[:LONGEST_DESCRIPTION].strip()
    return {"project_name": name, "description": about} if name else {"description": about}


def new_from_table(
    table: Table, copy: Callable[..., None], folder: Path, run: bool, console: Console
) -> None:
    """Study the table, create the project with the drafted files, and run the first steps.

    Args:
        table: the source of the rows.
        copy: writes the project, and calls the function `finish` in it.
        folder: the project's folder.
        run: whether to run the pipeline.
        console: where to print.

    Raises:
        UserError: the table is wrong, then nothing is written; or a step fails.
    """
    # imported here, as the other ways to create a project need neither Polars nor the runtime
    from .draft.draft import make_draft, place_of
    from .draft.run import LARGE_BYTES, draft_new, report_unused, summarize
    from .draft.unedited import remember

    refuse_existing(folder)
    with shown_steps() as on_step:
        found = make_draft(table.path, table.wish, date.today(), on_step)
    summarize(found)
    files: dict[str, bytes] = {}
    copy(
        finish=lambda place: files.update(draft_new(found, place)),
        suggested=suggested_answers(table, folder),
    )
    report_unused(found, folder)
    large = place_of(found.source) if found.source.bytes > LARGE_BYTES else ""
    try:
        run_first_steps(folder, run, console, large)
    finally:
        if (folder / ".git").exists():
            remember(folder, files)
