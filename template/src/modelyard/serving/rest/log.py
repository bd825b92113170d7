"""The line of JSON that each request leaves on standard output."""

import sys
import time
from functools import lru_cache
from typing import Any

from pydantic_core import to_json


def log(**facts: Any) -> None:
    """Write the time and some facts as one line; a full disk does not stop the service."""
    try:
        sys.stdout.buffer.write(to_json({"time": timestamp(time.time()), **facts}) + b"\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return


def timestamp(seconds: float) -> str:
    """Say a time since 1970 in UTC, to the millisecond."""
    whole = int(seconds)
    return f"{to_the_second(whole)}.{int((seconds - whole) * 1000):03d}Z"


@lru_cache(maxsize=1)
def to_the_second(seconds: int) -> str:
    """Say it without the fraction; once a second is enough."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
