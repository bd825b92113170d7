"""Continuous requests to a service while something happens to it."""

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

CLIENTS = 3


def predict(url: str, body: bytes) -> bytes:
    """Return the content of a response.

    Raises:
        URLError: there is no response, or an error.
    """
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{url}/predict", body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        content: bytes = response.read()
        return content


@contextmanager
def load(url: str, body: bytes, responses: list[bytes], failures: list[str]) -> Iterator[None]:
    """Send requests without a pause during the block; collect responses and failures."""
    stop = threading.Event()

    def client() -> None:
        while not stop.is_set():
            try:
                responses.append(predict(url, body))
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
