"""The serving benchmarks count nothing wrong, and the documentation shows what they found."""

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
from benchmarks.serving.asking import Asked, agreed, prepared
from benchmarks.serving.environments import HERE
from benchmarks.serving.servers import Server, tree_kb
from benchmarks.serving.sides import ALL, Side

ROWS = [{"a": 1}, {"a": 2}]
RIGHT: Any = {"predictions": [{"prediction": "late", "score": 0.25}, {"score": 0.5}]}
NEAR: Any = {"predictions": [0.250001, 0.5]}
WRONG: Any = {"predictions": [0.25, 0.51]}


@contextmanager
def answering(name: str, *answers: tuple[int, Any]) -> Iterator[Server]:
    """Serve some answers, the last of them again and again."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            status, told = left.pop(0) if len(left) > 1 else left[0]
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Server(Side(name, name, "", ""), server.server_port, 0)
        server.shutdown()


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Any]:
    """A function that starts a server with some answers and asks it once."""
    with ExitStack() as stack:

        def start(name: str, *answers: tuple[int, Any]) -> Asked:
            server = stack.enter_context(answering(name, *answers))
            return prepared(server, ROWS, tmp_path / name)

        yield start


# Nothing counts that is wrong


def test_servers_that_predict_the_same_are_compared(asked: Any) -> None:
    both = [asked("ours", (200, RIGHT)), asked("peer", (200, NEAR))]
    assert agreed(both) == both
    told = both[1].load(2, 0.2)
    assert told["answered"] > 2
    assert 0 < told["p50_ms"] <= told["p99_ms"]


def test_a_peer_that_predicts_something_else_ends_the_benchmark(asked: Any) -> None:
    both = [asked("ours", (200, RIGHT)), asked("peer", (200, WRONG))]
    with pytest.raises(SystemExit, match=r"INVALID: peer scores row 1 by 0\.51.* ours is 0\.50"):
        agreed(both)


def test_a_peer_that_predicts_something_else_under_load_ends_the_benchmark(asked: Any) -> None:
    peer = asked("peer", (200, RIGHT), (200, WRONG))
    with pytest.raises(SystemExit, match=r"INVALID: peer: .* with other predictions"):
        peer.load(1, 0.2)


@pytest.mark.parametrize("status", [302, 404, 422, 500])
def test_an_answer_that_is_not_2xx_ends_the_benchmark(asked: Any, status: int) -> None:
    peer = asked("peer", (200, RIGHT), (status, RIGHT), (200, RIGHT))
    with pytest.raises(SystemExit, match=r"INVALID: peer: .* 1 failed"):
        peer.load(1, 0.2)


def test_a_peer_that_refuses_the_first_request_ends_the_benchmark(asked: Any) -> None:
    with pytest.raises(SystemExit, match=r"INVALID: peer: .*503"):
        asked("peer", (503, RIGHT))


def test_a_refusal_counts_only_under_overload(asked: Any) -> None:
    answers = [(200, RIGHT), (503, {}), (200, RIGHT), (503, {}), (200, RIGHT)]
    told = asked("ours", *answers).load(4, 0.5, rate=40)
    assert (told["answered"], told["refused"]) == (18, 2)
    with pytest.raises(SystemExit, match="1 refused"):
        asked("peer", (200, RIGHT), (503, {}), (200, RIGHT)).load(1, 0.2)


@pytest.mark.parametrize("found", [[0.25], [0.25, 0.5, 0.5], [0.25, float("nan")]])
def test_predictions_that_lack_or_are_no_numbers_end_the_benchmark(found: list[float]) -> None:
    with pytest.raises(SystemExit, match="INVALID: peer"):
        require_equal("peer", found, [0.25, 0.5])


def test_an_answer_without_predictions_ends_the_benchmark() -> None:
    assert scores(json.dumps(RIGHT).encode()) == [0.25, 0.5]
    with pytest.raises(SystemExit, match="INVALID: no answer with predictions"):
        scores(b'{"error": "no"}')


def test_memory_is_that_of_a_server_and_all_that_it_started() -> None:
    assert tree_kb(7, "9 8 4\n1 0 90\n7 1 1\n8 7 2\n10 1 80") == 7


# What was found is what is shown


def test_the_page_and_the_picture_show_the_results() -> None:
    assert page.outdated(results.read()) == []


def test_a_result_that_is_not_shown_is_seen(tmp_path: Path) -> None:
    found = results.read()
    page.write(found, tmp_path)
    assert page.outdated(found, tmp_path) == []
    found["batch"]["sides"]["ours"]["per_s"]["median"] += 1000
    assert page.outdated(found, tmp_path) == [page.PAGE, page.PICTURE]


def test_a_claim_that_does_not_hold_is_told() -> None:
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
