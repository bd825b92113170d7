"""Main loop on the device: reading lines, expiry, logging."""

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.serving.edge import device
from modelyard.serving.edge.device import DeviceSettings, Expiry, line_groups, predict
from modelyard.serving.edge.json_lines import BundleSettings, LinePredictor
from modelyard.serving.edge.log import Log, read_log
from modelyard.serving.predictor import Predictor

from tests.checkout import ROOT
from tests.runtime.edge_runner import lines

from examples import ROWS

TRAINED = date(2024, 2, 1)


class Pipe:
    """Returns its content piece by piece, as a pipe does."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def read1(self, size: int) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


def test_lines_are_grouped_as_they_arrive_and_the_last_needs_no_newline() -> None:
    pipe = Pipe(b"one\ntw", b"o\nthree\n", b"fo", b"ur")
    assert list(line_groups(pipe)) == [[b"one"], [b"two", b"three"], [b"four"]]


def test_blank_lines_are_skipped() -> None:
    assert list(line_groups(Pipe(b"\n  \none\r\n\n", b"\n", b" "))) == [[b"one\r"]]


def test_an_endless_line_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "MAX_LINE_BYTES", 8)
    groups = list(line_groups(Pipe(*[b"x" * 8] * 5, b"\nnext\n")))
    assert groups == [[b"x" * 8 + b"\0", b"next"]]


def test_a_line_of_which_a_part_was_dropped_gets_the_fallback(
    predictor: Predictor, settings: BundleSettings
) -> None:
    row = json.dumps(ROWS[0] | {"more": "x" * 1_300_000})
    content = io.BytesIO(f"{row}\n{json.dumps(ROWS[0])}".encode())
    found = [one for group in line_groups(content) for one in group]
    long, last = LinePredictor(predictor, settings).predict(found, 0, expired=False)
    assert (b"fallback" in long, b"fallback" in last, len(long) < 1000) == (True, False, True)


def expiry(settings: BundleSettings, after: str, day: date | None) -> Expiry:
    return Expiry(TRAINED, replace(settings, max_age_days=30, after_expiry=after), day)


def test_a_valid_model_is_not_expired_and_prints_nothing(
    settings: BundleSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not expiry(settings, "refuse", TRAINED + timedelta(days=30)).expired()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("after", ["warn", "fallback"])
def test_an_expired_model_prints_one_warning(
    after: str, settings: BundleSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    late = expiry(settings, after, TRAINED + timedelta(days=31))
    assert [late.expired(), late.expired()] == [True, True]
    (warning,) = capsys.readouterr().err.splitlines()
    assert warning.startswith("warning: the model is 31 days old")
    assert warning.endswith(f"edge.after_expiry: {after}")


def test_an_expired_model_stops_the_device_if_the_settings_say_refuse(
    settings: BundleSettings,
) -> None:
    with pytest.raises(UserError, match=r"^the model is 31 days old .*edge\.after_expiry: refuse"):
        expiry(settings, "refuse", TRAINED + timedelta(days=31)).expired()


def test_without_as_of_the_clock_is_used(settings: BundleSettings) -> None:
    valid = Expiry(date.today(), settings, None)
    expired = Expiry(date.today() - timedelta(days=settings.max_age_days + 2), settings, None)
    assert (valid.expired(), expired.expired()) == (False, True)


def test_the_example_file_names_the_log_with_its_default() -> None:
    lines = (ROOT / "includes/sections/env/edge.env").read_text("utf-8").splitlines()
    shown = dict(line.split("=", 1) for line in lines if line.startswith("EDGE_"))
    assert shown.keys() == {"EDGE_LOG"}
    assert DeviceSettings.read(shown) == DeviceSettings()


def test_rows_are_predicted_in_order_across_pieces_and_logged(
    predictor: Predictor, settings: BundleSettings, tmp_path: Path
) -> None:
    content, sink = lines(*ROWS, {}), io.BytesIO()
    third = len(content) // 3
    log = Log(tmp_path / "edge.log", 10, 4096, warn=True)
    line_predictor = LinePredictor(predictor, settings)
    valid = Expiry(predictor.trained_as_of, settings, predictor.trained_as_of)
    pieces = (content[:third], content[third : 2 * third], content[2 * third :])
    predict(Pipe(*pieces), sink, line_predictor, valid, log)
    whole = line_predictor.predict(content.splitlines(), 0, expired=False)
    assert sink.getvalue().splitlines() == whole
    assert [record["row"] for record in read_log(tmp_path / "edge.log")] == [*ROWS, {}]
