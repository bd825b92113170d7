"""A package index with the simple API on this machine, which has the runtime built from here."""

import hashlib
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.checkout import ROOT


def make(folder: Path) -> None:
    """Build this repository's distribution and lay it out as an index."""
    files = folder / "simple" / "modelyard"
    command = ["uv", "build", "--quiet", "--wheel", "--out-dir", str(files), str(ROOT)]
    subprocess.run(command, check=True, env={**os.environ, "UV_NO_CONFIG": "1"})
    (wheel,) = files.glob("*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    link = f'<a href="{wheel.name}#sha256={digest}">{wheel.name}</a>'
    page = f"<!DOCTYPE html><html><body>{link}</body></html>"
    (files / "index.html").write_text(page, "utf-8")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve an index on this machine.

    Args:
        folder: what `make` laid out.
        port: 0 takes a free one.

    Yields:
        its address.
    """
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
