"""Tests for the serving benchmarks: invalid results stop them, the page shows their results."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.serving import claims, page, results
from benchmarks.serving.agreement import require_equal, scores
from benchmarks.serving.asking import CheckedServer, check_server, require_agreement
from benchmarks.serving.environments import HERE
from benchmarks.serving.servers import Server, tree_kb
from benchmarks.serving.sides import ALL, Side

ROWS = [{"a": 1}, {"a": 2}]
RIGHT: Any = {"predictions": [{"prediction": "late", "score": 0.25}, {"score": 0.5}]}
NEAR: Any = {"predictions": [0.250001, 0.5]}
WRONG: Any = {"predictions": [0.25, 0.51]}


@contextmanager
def answering(name: str, *answers: tuple[int, Any]) -> Iterator[Server]:
    """Serve some responses in order, the last of them repeatedly."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            status, body = left.pop(0) if len(left) > 1 else left[0]
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Server(Side(name, name, "", ""), server.server_port, 0)
        server.shutdown()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Any]:
    """A function that starts a server with some responses and sends it one request."""
    with ExitStack() as stack:

        def start(name: str, *answers: tuple[int, Any]) -> CheckedServer:
            server = stack.enter_context(answering(name, *answers))
            return check_server(server, ROWS, tmp_path / name)

        yield start


# Invalid results


def test_servers_with_equal_predictions_are_compared(start_server: Any) -> None:
    both = [start_server("ours", (200, RIGHT)), start_server("peer", (200, NEAR))]
    assert require_agreement(both) == both
    measured = both[1].load(2, 0.2)
    assert measured["answered"] > 2
    assert 0 < measured["p50_ms"] <= measured["p99_ms"]


def test_a_peer_with_other_predictions_stops_the_benchmark(start_server: Any) -> None:
    both = [start_server("ours", (200, RIGHT)), start_server("peer", (200, WRONG))]
    with pytest.raises(SystemExit, match=r"INVALID: peer scores row 1 by 0\.51.* ours is 0\.50"):
        require_agreement(both)


def test_a_peer_with_other_predictions_under_load_stops_the_benchmark(start_server: Any) -> None:
    peer = start_server("peer", (200, RIGHT), (200, WRONG))
    with pytest.raises(SystemExit, match=r"INVALID: peer: .* with other predictions"):
        peer.load(1, 0.2)


@pytest.mark.parametrize("status", [302, 404, 422, 500])
def test_a_response_that_is_not_2xx_stops_the_benchmark(start_server: Any, status: int) -> None:
    peer = start_server("peer", (200, RIGHT), (status, RIGHT), (200, RIGHT))
    with pytest.raises(SystemExit, match=r"INVALID: peer: .* 1 failed"):
        peer.load(1, 0.2)


def test_a_peer_that_refuses_the_first_request_stops_the_benchmark(start_server: Any) -> None:
    with pytest.raises(SystemExit, match=r"INVALID: peer: .*503"):
        start_server("peer", (503, RIGHT))


def test_refused_requests_are_allowed_only_under_overload(start_server: Any) -> None:
    answers = [(200, RIGHT), (503, {}), (200, RIGHT), (503, {}), (200, RIGHT)]
    measured = start_server("ours", *answers).load(4, 0.5, rate=40)
    assert (measured["answered"], measured["refused"]) == (18, 2)
    with pytest.raises(SystemExit, match="1 refused"):
        start_server("peer", (200, RIGHT), (503, {}), (200, RIGHT)).load(1, 0.2)


@pytest.mark.parametrize("found", [[0.25], [0.25, 0.5, 0.5], [0.25, float("nan")]])
def test_missing_or_nan_predictions_stop_the_benchmark(found: list[float]) -> None:
    with pytest.raises(SystemExit, match="INVALID: peer"):
        require_equal("peer", found, [0.25, 0.5])


def test_a_response_without_predictions_stops_the_benchmark() -> None:
    assert scores(json.dumps(RIGHT).encode()) == [0.25, 0.5]
    with pytest.raises(SystemExit, match="INVALID: no answer with predictions"):
        scores(b'{"error": "no"}')


def test_memory_includes_all_child_processes_of_a_server() -> None:
    assert tree_kb(7, "9 8 4\n1 0 90\n7 1 1\n8 7 2\n10 1 80") == 7


# Published results


def test_the_page_and_the_picture_show_the_results() -> None:
    assert page.outdated(results.read()) == []


def test_an_outdated_page_is_detected(tmp_path: Path) -> None:
    found = results.read()
    page.write(found, tmp_path)
    assert page.outdated(found, tmp_path) == []
    found["batch"]["sides"]["ours"]["per_s"]["median"] += 1000
    assert page.outdated(found, tmp_path) == [page.PAGE, page.PICTURE]


def test_a_claim_that_does_not_hold_is_reported() -> None:
    found = results.read()
    found["batch"]["sides"]["ours"]["peak_mb"]["high"] = 601
    found["rest"]["sides"]["bentoml"]["8"]["ours_throughput"]["median"] = 7.9
    misses = claims.missed(found)
    assert "batch: peak of memory in MB: 601, claimed is ≤ 600" in misses
    assert "rest: requests/s, times BentoML's, with 8 connections: 7.9, claimed is ≥ 8" in misses


def test_each_side_was_measured_and_its_packages_are_pinned() -> None:
    found = results.read()
    for part, sides in ALL.items():
        assert {side.name for side in sides} == found[part]["sides"].keys()
        assert all(side.validates for side in sides)
    texts = [file.read_text("utf-8") for file in (HERE / "requirements").glob("*.txt")]
    lines = [line for text in texts for line in text.split()]
    assert [line for line in lines if "==" not in line] == []
    assert lines
