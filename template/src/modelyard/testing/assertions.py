"""Formatting of the messages of assertions."""

from collections.abc import Sequence
from typing import Any


def listed(values: Sequence[Any], limit: int = 5) -> str:
    """Join the first values for a message, with the number of the others."""
    more = f" and {len(values) - limit} more" if len(values) > limit else ""
    return ", ".join(map(str, values[:limit])) + more
