"""Requests that are replayed, and how responses are read."""

from pathlib import Path

from modelyard.canary.rest.traffic import Response, as_answers, recorded, request
from modelyard.serving.records import prediction_lines

TOLD = b'{"predictions": [{"prediction": "a", "score": 0.5}]}'


def test_recorded_requests_are_sent_again_as_they_were(tmp_path: Path) -> None:
    rows = [{"a": 1}, {"a": 2}]
    lines = prediction_lines("one", "2013-10-01T00:00:00.000Z", "v", rows, [{"score": 0.5}] * 2)
    (tmp_path / "2013-10-01").mkdir()
    (tmp_path / "2013-10-01" / "predictions-1.jsonl").write_bytes(lines)
    assert list(recorded(tmp_path)) == [request(rows)]


def test_an_answer_with_too_few_predictions_is_none() -> None:
    sent = [request([{}]), request([{}, {}])]
    found = as_answers([Response(200, TOLD, 0.1), Response(200, TOLD, 0.2)], sent)
    assert found.answered.tolist() == [True, False, False]
    assert found.scores[:1].tolist() == [[0.5]]
    assert found.seconds.tolist() == [0.1, 0.2]


def test_a_refusal_and_no_answer_at_all_are_no_predictions() -> None:
    responses = [Response(503, TOLD, 0.1), Response(0, b"", 0.1), Response(200, b"{}", 0.1)]
    assert not as_answers(responses, [request([{}])] * 3).answered.any()
