"""Rows are others than the model was made from, by their content and not by a file's time."""

from collections.abc import Collection

from .reason import Reason


def find(changed: Collection[str], rows: str, known: str, key: str) -> Reason:
    """Say whether there is other data.

    Rows that are new because a day has passed are no such reason: they come with each run.

    Args:
        changed: files outside `src/` that the pipeline reads and that changed since it ran.
        rows: hash of the rows that `ingest` gives now for the day of the last snapshot.
        known: hash of the rows of that snapshot.
        key: hash of all of it.
    """
    why = [f"{path} changed" for path in changed]
    if rows != known:
        why.append("rows of days that were known before changed")
    if not why:
        return Reason("data", False, "as it was")
    return Reason("data", True, "; ".join(why), f"data:{key}")
