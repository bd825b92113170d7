"""Stands in for the public database of known vulnerabilities."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.listening import listening

ADVICE = {
    "id": "PLANTED-1",
    "modified": "2026-01-01T00:00:00Z",
    "summary": "a planted fault",
    "affected": [
        {
            "package": {"name": "onnxruntime", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }
    ],
}


class Known(BaseHTTPRequestHandler):
    """Answers as the database of known vulnerabilities at osv.dev does, from `ADVICE` alone."""

    bad = ""

    def do_POST(self) -> None:
        """Tell for each of the packages asked for whether something is known against it."""
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))["queries"]
        told = [{key: ADVICE[key] for key in ("id", "modified")}]
        results = [{"vulns": told} if one["package"]["name"] == self.bad else {} for one in asked]
        self.answer({"results": results})

    def do_GET(self) -> None:
        """Tell all that is known of one fault."""
        self.answer(ADVICE)

    def answer(self, content: Any) -> None:
        """Send JSON."""
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def database() -> Iterator[str]:
    """Give its address; it knows nothing against any package until `Known.bad` is set."""
    with listening(Known) as address:
        yield f"{address}/"
