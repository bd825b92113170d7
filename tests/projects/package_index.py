"""A local package index with the simple API, for the runtime or for empty packages."""

import hashlib
import json
import os
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.checkout import ROOT


def make(folder: Path) -> None:
    """Build this repository's distribution into an index."""
    files = folder / "simple" / "modelyard"
    command = ["uv", "build", "--quiet", "--wheel", "--out-dir", str(files), str(ROOT)]
    subprocess.run(command, check=True, env={**os.environ, "UV_NO_CONFIG": "1"})
    (wheel,) = files.glob("*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    link = f'<a href="{wheel.name}#sha256={digest}">{wheel.name}</a>'
    page = f"<!DOCTYPE html><html><body>{link}</body></html>"
    (files / "index.html").write_text(page, "utf-8")


def publish(folder: Path, name: str, versions: Mapping[str, datetime]) -> None:
    """Add an empty package to an index, with the upload time of each version."""
    files = folder / "simple" / name
    files.mkdir(parents=True)
    listed = []
    for version, uploaded in versions.items():
        wheel = files / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w") as archive:
            metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            archive.writestr(f"{info}/METADATA", metadata)
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", "")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        time = uploaded.isoformat(timespec="seconds").replace("+00:00", "Z")
        listed.append(
            {
                "filename": wheel.name,
                "url": wheel.name,
                "hashes": {"sha256": digest},
                "upload-time": time,
            }
        )
    page = {"meta": {"api-version": "1.1"}, "name": name, "files": listed}
    (files / "index.html").write_text(json.dumps(page), "utf-8")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without logging."""

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """Return the media type of a file; a JSON page is one of the simple API."""
        if str(path).endswith(".html") and Path(path).read_bytes().startswith(b"{"):
            return "application/vnd.pypi.simple.v1+json"
        return super().guess_type(path)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def serve(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve an index on this machine.

    Args:
        folder: the folder that `make` has filled.
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
