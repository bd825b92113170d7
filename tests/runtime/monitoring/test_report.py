"""Report of the monitor: window, files, exit codes, errors."""

import shutil
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from modelyard.console import UserError, run
from modelyard.files import read_json, write_json
from modelyard.monitoring import report
from modelyard.places import RECORDS
from modelyard.project import Project, load
from modelyard.serving.predictor import Predictor, to_rows
from modelyard.serving.records import append, prediction_lines

from tests.runtime import example
from tests.runtime.monitored import LIMITS

from examples import ROWS

REPORTS = Path("reports", "monitoring")
MODELS = (Path("models"), "in models", None)


@pytest.fixture
def today(tmp_path: Path, predictor: Predictor, monkeypatch: pytest.MonkeyPatch) -> date:
    """A day on which the accepted model is 40 days old; the working folder has its files."""
    shutil.copytree("models", tmp_path / "models")
    params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    params["monitoring"] = LIMITS.model_dump() | {"min_rows": 2, "max_fall": {}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    day = predictor.trained_as_of + timedelta(days=40)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AS_OF", day.isoformat())
    return day


def record(day: date, predictor: Predictor, rows: list[dict[str, Any]] = ROWS) -> Path:
    """Record predictions of the accepted model for the examples, or for other rows."""
    predictions = predictor.predict(to_rows(rows, predictor.schema)).records()
    file = RECORDS / day.isoformat() / "predictions-x.jsonl"
    append(
        file, prediction_lines("one", f"{day}T12:00:00.000Z", predictor.version, rows, predictions)
    )
    return file


def exit_code() -> Any:
    """Run the command; return its exit code."""
    with pytest.raises(SystemExit) as ended:
        run(partial(report.main, load(example.PACKAGE).schema, MODELS))
    return ended.value.code


@pytest.mark.usefixtures("today")
def test_without_records_everything_is_unknown_and_nothing_due(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code() == 0
    content = read_json(REPORTS / "report.json", "")
    assert content["reasons"][0] == "feed is unknown: nothing recorded yet"
    assert "verdict: fine (exit code 0)" in capsys.readouterr().out


def test_recorded_rows_are_reported(today: date, predictor: Predictor) -> None:
    record(today, predictor)
    assert exit_code() == 0
    content = read_json(REPORTS / "report.json", "")
    assert (content["rows"], content["versions"]) == (len(ROWS), {predictor.version: len(ROWS)})
    assert (content["from"], content["as_of"]) == (str(today - timedelta(days=29)), str(today))


def test_records_of_batch_and_rest_are_reported_together(
    today: date, predictor: Predictor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(today, predictor).parents[1].rename(tmp_path / "batch")
    record(today - timedelta(days=1), predictor)
    monkeypatch.setenv("BATCH_RECORD_DIR", str(tmp_path / "batch"))
    assert exit_code() == 0
    assert read_json(REPORTS / "report.json", "")["rows"] == 2 * len(ROWS)


def test_days_before_the_window_do_not_count(today: date, predictor: Predictor) -> None:
    record(today, predictor)
    record(today - timedelta(days=30), predictor)
    exit_code()
    assert read_json(REPORTS / "report.json", "")["rows"] == len(ROWS)


def test_a_silent_feed_exits_with_code_20(today: date, predictor: Predictor) -> None:
    record(today - timedelta(days=8), predictor)
    assert exit_code() == 20
    assert read_json(REPORTS / "report.json", "")["reasons"][0].startswith("feed: last record on")


def test_many_invalid_lines_exit_with_code_20(today: date, predictor: Predictor) -> None:
    file = record(today, predictor)
    append(file, b'{"request_id":"one","row":0,"score":NaN}\n' * 9)
    assert exit_code() == 20


def test_a_verdict_retrain_exits_with_code_10(
    today: date, predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(today + timedelta(days=60), predictor, ROWS[:1] * 100)
    monkeypatch.setenv("AS_OF", str(today + timedelta(days=60)))
    assert exit_code() == 10


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("reference.json", "{", r"reference\.json is not JSON"),
        ("reference.json", "{}", r"reference\.json lacks version, training_rows"),
        ("model.json", "[", r"model\.json is not JSON"),
        ("model.onnx", "no model", r"model\.onnx was altered"),
    ],
)
def test_a_damaged_model_is_an_error_without_a_report(
    name: str, content: str, expected: str, project: Project
) -> None:
    Path("models", name).write_text(content, "utf-8")
    with pytest.raises(UserError, match=expected):
        report.main(project.schema, MODELS)
    assert not REPORTS.exists()


@pytest.mark.usefixtures("today")
def test_the_reference_of_another_model_is_an_error() -> None:
    content = read_json(Path("models/reference.json"), "")
    write_json(Path("models/reference.json"), content | {"version": "another"})
    assert exit_code() == 1


def test_the_page_has_no_external_resources(today: date, predictor: Predictor) -> None:
    record(today, predictor)
    exit_code()
    page = (REPORTS / "report.html").read_text("utf-8")
    assert page.count('<table class="bars">') == 1
    assert [word for word in ("http", "<script", "url(", "@import", "$") if word in page] == []
