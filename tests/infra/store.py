"""An S3-compatible store on this machine for a test."""

import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.infra.tools import program
from tools.service import free_port

MOTO = ("moto[server]>=5.1,<6", "moto_server")
KEYS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "word",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
}


@contextmanager
def store() -> Iterator[str]:
    """Run a store with one bucket, `store`; yield its address."""
    port = free_port()
    process = subprocess.Popen(
        [program(*MOTO), "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        make_bucket(f"http://127.0.0.1:{port}/store")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def make_bucket(address: str) -> None:
    """Create a bucket once the store responds, within a minute and a half."""
    for _ in range(900):
        try:
            put(address)
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer")


def put(address: str, content: bytes = b"", method: str = "PUT") -> None:
    """Send a request to the store, which needs no authentication until `require_keys`."""
    kind = {"content-type": "application/octet-stream"}
    request = urllib.request.Request(address, content, kind, method=method)
    urllib.request.urlopen(request, timeout=60).read()


def require_keys(address: str) -> None:
    """Make the store refuse all requests without a known key; it knows none."""
    put(f"{address}/moto-api/reset-auth", b"0", "POST")
