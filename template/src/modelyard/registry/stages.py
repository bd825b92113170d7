"""DVC's knowledge of the pipeline, asked in this process: its command needs a second to start."""

from typing import Any

from ..console import UserError


def stale() -> dict[str, list[Any]]:
    """Give each stage that is not up to date, with what has changed, as `dvc status --json` does.

    Raises:
        UserError: DVC cannot say.
    """
    from dvc.exceptions import DvcException  # here, as it takes a third of a second
    from dvc.repo import Repo

    try:
        with Repo() as repo:
            found: dict[str, list[Any]] = repo.status()
    except DvcException as failure:
        raise UserError(f"dvc status: {failure}") from None
    return found


def checked_out() -> bool:
    """Let the files of `dvc.lock` lie in the project as it says; false if the cache lacks some."""
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    try:
        with Repo() as repo:
            repo.checkout(force=True)
    except DvcException:
        return False
    return True
