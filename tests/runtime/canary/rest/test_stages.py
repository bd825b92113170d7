"""Stages of the REST canary, and the proxy's configuration, without a network."""

from pathlib import Path
from typing import Any

import pytest
from modelyard.canary.rest.proxy import Proxy, split
from modelyard.canary.rest.stages import given_back, stage, unnoticed
from modelyard.canary.rest.traffic import Answer, body, recorded, understood
from modelyard.canary.section import Canary
from modelyard.serving.record import prediction_lines

from tests.runtime import example

LIMITS = Canary(**example.params()["canary"])
OLD, NEW = "127.0.0.1:1", "127.0.0.1:2"


class Logged(Proxy):
    """A proxy with a made-up log."""

    def __init__(self, *lines: dict[str, Any]) -> None:
        super().__init__(Path(), OLD, NEW)
        self.lines = lines

    def log(self) -> list[dict[str, Any]]:
        """Give the made-up lines."""
        return list(self.lines)


def line(to: str, status: str = "200", seconds: str = "0.001", step: str = "50%") -> dict[str, Any]:
    return {"step": step, "uri": "/predict", "status": status, "to": to, "seconds": seconds}


def passed(*lines: dict[str, Any]) -> list[bool]:
    return [check.passed for check in stage("50%", Logged(*lines), LIMITS)]


def test_a_stage_judges_the_candidates_failures_and_its_time() -> None:
    many = 30
    assert passed(*[line(OLD)] * many, *[line(NEW)] * many) == [True, True]
    assert passed(*[line(OLD)] * many, *[line(NEW, seconds="9")] * many) == [True, False]
    healed = line(f"{NEW}, {OLD}", "502, 200", "0.1, 0.001")
    assert passed(*[line(OLD)] * many, *[line(NEW)] * many, healed) == [False, True]


def test_a_stage_without_a_request_to_the_candidate_does_not_pass() -> None:
    assert passed(line(OLD)) == [False]
    assert passed(line(NEW, step="5%")) == [False]


def test_after_an_abort_nothing_goes_to_the_candidate() -> None:
    assert given_back(Logged(line(OLD, step="back"), line(NEW))).passed
    assert not given_back(Logged(line(NEW, step="back"))).passed


def test_users_without_an_answer_are_counted() -> None:
    assert unnoticed([Answer(200, b"", 0.1)]).passed
    assert not unnoticed([Answer(200, b"", 0.1), Answer(502, b"", 0.1)]).passed


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.0, "* serving;"), (0.05, "5% candidate; * serving;"), (1.0, "* candidate;")],
)
def test_a_share_is_written_as_nginx_reads_it(share: float, written: str) -> None:
    assert split(share) == written


def test_the_configuration_has_no_word_left_to_fill_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(example.TEMPLATE)
    text = Proxy(Path("somewhere"), OLD, NEW).configuration("5%", 0.05, shadow=True)
    assert "${" not in text
    assert "split_clients $request_id $side { 5% candidate; * serving; }" in text
    assert "mirror /shadow;" in text
    assert "mirror off;" in Proxy(Path(), OLD, NEW).configuration("5%", 0.05, shadow=False)


def test_recorded_requests_are_sent_again_as_they_were(tmp_path: Path) -> None:
    rows = [{"a": 1}, {"a": 2}]
    told = prediction_lines("one", "2013-10-01T00:00:00.000Z", "v", rows, [{"score": 0.5}] * 2)
    (tmp_path / "2013-10-01").mkdir()
    (tmp_path / "2013-10-01" / "predictions-1.jsonl").write_bytes(told)
    assert list(recorded(tmp_path)) == [body(rows)]


def test_an_answer_with_too_few_predictions_is_none() -> None:
    told = b'{"predictions": [{"prediction": "a", "score": 0.5}]}'
    found = understood(
        [Answer(200, told, 0.1), Answer(200, told, 0.1)], [body([{}]), body([{}, {}])]
    )
    assert found.answered.tolist() == [True, False, False]
    assert found.scores[:1].tolist() == [[0.5]]
