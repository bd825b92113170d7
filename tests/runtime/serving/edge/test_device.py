"""The loop: lines as they arrive, day by day."""

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.serving.edge import device
from modelyard.serving.edge.bundle_settings import Terms
from modelyard.serving.edge.device import Device, Watch, answer, line_groups
from modelyard.serving.edge.json_lines import Answers
from modelyard.serving.edge.log import Log, read_log
from modelyard.serving.predictor import Predictor

from tests.checkout import ROOT
from tests.runtime.edge_runner import lines

from examples import ROWS

TRAINED = date(2024, 2, 1)


class Pipe:
    """Gives what was written to it piece by piece, as a pipe does."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def read1(self, size: int) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


def test_lines_are_answered_as_they_arrive_and_the_last_needs_no_end() -> None:
    pipe = Pipe(b"one\ntw", b"o\nthree\n", b"fo", b"ur")
    assert list(line_groups(pipe)) == [[b"one"], [b"two", b"three"], [b"four"]]


def test_blank_lines_are_no_rows() -> None:
    assert list(line_groups(Pipe(b"\n  \none\r\n\n", b"\n", b" "))) == [[b"one\r"]]


def test_a_line_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "LONGEST_LINE_BYTES", 8)
    groups = list(line_groups(Pipe(*[b"x" * 8] * 5, b"\nnext\n")))
    assert groups == [[b"x" * 8, b"next"]]


def watch(terms: Terms, after: str, day: date | None) -> Watch:
    return Watch(TRAINED, replace(terms, max_age_days=30, after_expiry=after), day)


def test_within_its_time_a_model_is_not_expired_and_nothing_is_said(
    terms: Terms, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not watch(terms, "refuse", TRAINED + timedelta(days=30)).expired()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("after", ["warn", "fallback"])
def test_past_its_time_it_is_expired_and_that_is_said_once(
    after: str, terms: Terms, capsys: pytest.CaptureFixture[str]
) -> None:
    late = watch(terms, after, TRAINED + timedelta(days=31))
    assert [late.expired(), late.expired()] == [True, True]
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("warning: the model is 31 days old")
    assert said.endswith(f"edge.after_expiry: {after}")


def test_past_its_time_it_stops_where_the_terms_say_refuse(terms: Terms) -> None:
    with pytest.raises(UserError, match=r"^the model is 31 days old .*edge\.after_expiry: refuse"):
        watch(terms, "refuse", TRAINED + timedelta(days=31)).expired()


def test_without_a_given_day_the_clock_decides(terms: Terms) -> None:
    young = Watch(date.today(), terms, None)
    old = Watch(date.today() - timedelta(days=terms.max_age_days + 2), terms, None)
    assert (young.expired(), old.expired()) == (False, True)


def test_the_example_file_names_the_log_with_its_default() -> None:
    lines = (ROOT / "includes/sections/env/edge.env").read_text("utf-8").splitlines()
    shown = dict(line.split("=", 1) for line in lines if line.startswith("EDGE_"))
    assert shown.keys() == {"EDGE_LOG"}
    assert Device.read(shown) == Device()


def test_rows_are_answered_in_order_across_pieces_and_logged(
    predictor: Predictor, terms: Terms, tmp_path: Path
) -> None:
    content, sink = lines(*ROWS, {}), io.BytesIO()
    third = len(content) // 3
    log = Log(tmp_path / "edge.log", 10, 4096, told=True)
    answers = Answers(predictor, terms)
    young = Watch(predictor.trained_as_of, terms, predictor.trained_as_of)
    pieces = (content[:third], content[third : 2 * third], content[2 * third :])
    answer(Pipe(*pieces), sink, answers, young, log)
    whole = answers.to(content.splitlines(), 0, expired=False)
    assert sink.getvalue().splitlines() == whole
    assert [record["row"] for record in read_log(tmp_path / "edge.log")] == [*ROWS, {}]
