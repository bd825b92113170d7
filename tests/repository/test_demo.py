"""Tests for `make demo`: progress, errors, and the service that it starts and stops."""

import io
import os
import sys
import time
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tools import demo
from tools.service import free_port, post, running_service
from tools.steps import OURS_OF_PYTEST, StepFailed, Steps, environment
from tools.tables import metrics_table, seconds_table

SERVICE = """
import http.server, json, sys

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/ready" else 404)
        self.end_headers()

    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers["content-length"])))["rows"]
        self.send_response(200 if rows else 422)
        self.end_headers()
        self.wfile.write(json.dumps({"rows": len(rows)}).encode())

port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("127.0.0.1", port), Answer).serve_forever()
"""


class Terminal(io.StringIO):
    """A terminal that redraws its lines."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def interrupt_while_served(folder: Path) -> None:
    with running_service(python(SERVICE), folder, folder / "log") as url:
        raise KeyboardInterrupt(url)


# Steps


def test_a_step_returns_its_output_and_records_its_duration(tmp_path: Path) -> None:
    steps = Steps(screen=io.StringIO())
    command = python(
        "import sys, time; time.sleep(0.3); print('out'); print('err', file=sys.stderr)"
    )
    assert steps.run("wait", command, tmp_path) == "out\n"
    assert 0.3 <= steps.seconds["wait"] < 30


def test_a_projects_pytest_reads_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """tests/conftest.py removes them from this process, whose copies of the environment differ."""
    assert not OURS_OF_PYTEST & os.environ.keys()
    for name in OURS_OF_PYTEST:
        monkeypatch.setenv(name, "--nowhere")
    assert "--nowhere" not in environment().values()


def test_a_failing_step_is_named_with_the_end_of_its_output(tmp_path: Path) -> None:
    code = "import sys; [print('line', i) for i in range(100)]; print('the cause', file=sys.stderr); sys.exit(3)"  # noqa: E501
    with pytest.raises(StepFailed, match="failed with exit code 3") as failure:
        Steps(screen=io.StringIO()).run("train", python(code), tmp_path)
    lines = str(failure.value).splitlines()
    assert lines[0].startswith("train: ")
    assert lines[-2:] == ["line 99", "the cause"]
    assert len(lines) <= 41


def test_a_terminal_shows_the_last_line_of_a_step_while_it_runs(tmp_path: Path) -> None:
    screen = Terminal()
    code = "import time; print('epoch 7', flush=True); time.sleep(1)"
    Steps(screen=screen).run("train", python(code), tmp_path)
    assert "epoch 7" in screen.getvalue()
    assert screen.getvalue().count("\n") == 1


def test_a_file_instead_of_a_terminal_gets_one_line_at_start_and_end(tmp_path: Path) -> None:
    screen = io.StringIO()
    Steps(screen=screen).run("train", python("print('epoch 7')"), tmp_path)
    first, last = screen.getvalue().splitlines()
    assert first == "train …"
    assert last.endswith(" s")


# The service


def test_a_service_answers_requests_and_is_stopped(tmp_path: Path) -> None:
    with running_service(python(SERVICE), tmp_path, tmp_path / "log") as url:
        assert post(f"{url}/predict", {"rows": [1, 2]}) == (200, {"rows": 2})
        assert post(f"{url}/predict", {"rows": []}) == (422, {"rows": 0})
    with pytest.raises(OSError, match="refused"):
        post(f"{url}/predict", {"rows": []})


def test_a_service_is_stopped_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt) as interrupted:
        interrupt_while_served(tmp_path)
    with pytest.raises(OSError, match="refused"):
        post(f"{interrupted.value}/predict", {"rows": []})


def test_a_service_that_exits_is_reported_with_its_last_line(tmp_path: Path) -> None:
    with (
        pytest.raises(StepFailed, match="exited with code 1: no model"),
        running_service(python("raise SystemExit('no model')"), tmp_path, tmp_path / "log"),
    ):
        pass


def test_a_service_that_never_gets_ready_is_stopped(tmp_path: Path) -> None:
    waiting = python("import time; print('loading', flush=True); time.sleep(600)")
    started = time.monotonic()
    with (
        pytest.raises(StepFailed, match="not ready within 2 s: loading"),
        running_service(waiting, tmp_path, tmp_path / "log", start_s=2),
    ):
        pass
    assert time.monotonic() - started < 10


def test_a_free_port_can_be_bound() -> None:
    assert 1024 <= free_port() <= 65535


# The demo


def test_the_demo_replaces_only_its_own_project(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    demo.remove_earlier_demo(own)
    (own / ".copier-answers.yml").write_text(f"_src_path: {ROOT}\n", "utf-8")
    demo.remove_earlier_demo(own)
    assert not own.exists()
    demo.remove_earlier_demo(own)

    other.mkdir()
    (other / "thesis.txt").write_text("years of work", "utf-8")
    for answers in ("", "[unclosed", "_src_path: https://example.com/other\n"):
        (other / ".copier-answers.yml").write_text(answers, "utf-8")
        with pytest.raises(StepFailed, match="is not a project of this demo; move it away"):
            demo.remove_earlier_demo(other)
    assert (other / "thesis.txt").exists()


def test_a_failing_demo_prints_the_reason_and_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    monkeypatch.setattr(demo, "PROJECT", tmp_path)
    assert demo.main() == 1
    assert capsys.readouterr().err.startswith("\nerror: copy: ")


def test_metrics_are_shown_in_aligned_columns() -> None:
    metrics = {"accepted": True, "test": {"new": {"auc": 0.71234, "rows": 12}, "old": {"auc": 0.5}}}
    assert metrics_table(metrics).splitlines() == [
        "accepted: True",
        "        test new  test old",
        "  auc     0.7123    0.5000",
        "  rows        12",
    ]
    assert metrics_table({"auc": 0.5}) == "auc: 0.5000"


def test_seconds_are_shown_with_their_total() -> None:
    assert seconds_table({"train": 31.04, "test": 9.5}).splitlines() == [
        "  step   seconds",
        "  train     31.0",
        "  test       9.5",
        "  total     40.5",
    ]
