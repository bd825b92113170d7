"""Log to standard output, one JSON object per line."""

import sys
import time
from functools import lru_cache
from typing import Any

from pydantic_core import to_json


def log(**fields: Any) -> None:
    """Write the time and some fields as one line; a full disk does not stop the service."""
    try:
        sys.stdout.buffer.write(to_json({"time": timestamp(time.time()), **fields}) + b"\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return


def timestamp(seconds: float) -> str:
    """Format seconds since 1970 as UTC with milliseconds."""
    whole = int(seconds)
    return f"{format_second(whole)}.{int((seconds - whole) * 1000):03d}Z"


@lru_cache(maxsize=1)
def format_second(seconds: int) -> str:
    """Format whole seconds; the cache saves formatting within the same second."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
