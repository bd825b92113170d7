"""A service that is asked all the time while something happens to it."""

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

CLIENTS = 3


def ask(url: str, body: bytes) -> bytes:
    """Return the bytes of an answer.

    Raises:
        URLError: it is no answer, or no good one.
    """
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{url}/predict", body, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        content: bytes = answer.read()
        return content


@contextmanager
def load(url: str, body: bytes, answers: list[bytes], failures: list[str]) -> Iterator[None]:
    """Ask without a pause while the block lasts; note the answers, and what was none."""
    stop = threading.Event()

    def client() -> None:
        while not stop.is_set():
            try:
                answers.append(ask(url, body))
            except OSError as failure:
                failures.append(str(failure))

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    try:
        yield
    finally:
        stop.set()
        for one in clients:
            one.join()
