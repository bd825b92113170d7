"""A store that speaks S3, on this machine, for the length of a test."""

import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tools.service import free_port

KEYS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "word",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
}


@contextmanager
def store() -> Iterator[str]:
    """Run a store with one bucket, `store`; give its address."""
    port = free_port()
    server = ["uv", "tool", "run", "--quiet", "--from", "moto[server]>=5.1,<6", "moto_server"]
    process = subprocess.Popen(
        [*server, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        make_bucket(f"http://127.0.0.1:{port}/store")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def make_bucket(address: str) -> None:
    """Make a bucket as soon as the store answers, a minute and a half at most."""
    for _ in range(900):
        try:
            put(address)
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer")


def put(address: str, content: bytes = b"", method: str = "PUT") -> None:
    """Send something to the store, which asks nobody who it is until it is told to."""
    kind = {"content-type": "application/octet-stream"}
    request = urllib.request.Request(address, content, kind, method=method)
    urllib.request.urlopen(request, timeout=60).read()


def ask_for_keys(address: str) -> None:
    """Let the store from now on refuse whoever has no key that it knows; it knows none."""
    put(f"{address}/moto-api/reset-auth", b"0", "POST")
