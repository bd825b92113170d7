"""Replayed requests and parsed responses."""

from pathlib import Path

from modelyard.canary.rest.traffic import Response, read_outputs, recorded, request
from modelyard.serving.records import prediction_lines

BODY = b'{"predictions": [{"prediction": "a", "score": 0.5}]}'


def test_recorded_requests_are_replayed_unchanged(tmp_path: Path) -> None:
    rows = [{"a": 1}, {"a": 2}]
    lines = prediction_lines("one", "2013-10-01T00:00:00.000Z", "v", rows, [{"score": 0.5}] * 2)
    (tmp_path / "2013-10-01").mkdir()
    (tmp_path / "2013-10-01" / "predictions-1.jsonl").write_bytes(lines)
    assert list(recorded(tmp_path)) == [request(rows)]


def test_a_response_with_too_few_predictions_counts_as_failed() -> None:
    sent = [request([{}]), request([{}, {}])]
    found = read_outputs([Response(200, BODY, 0.1), Response(200, BODY, 0.2)], sent)
    assert found.predicted.tolist() == [True, False, False]
    assert found.scores[:1].tolist() == [[0.5]]
    assert found.seconds.tolist() == [0.1, 0.2]


def test_error_responses_and_missing_responses_count_as_failed() -> None:
    responses = [Response(503, BODY, 0.1), Response(0, b"", 0.1), Response(200, b"{}", 0.1)]
    assert not read_outputs(responses, [request([{}])] * 3).predicted.any()
