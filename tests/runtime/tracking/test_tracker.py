"""Tracker failures, default settings and flattened settings."""

import os
from types import SimpleNamespace
from typing import Any

import pytest
from modelyard.choices import Choices
from modelyard.tracking import tracker as tracking
from modelyard.tracking.mlflow import flatten
from modelyard.tracking.tracker import set_defaults, start_run


class Down:
    """A run whose server goes down after the start."""

    def progress(self, *args: Any, **kwargs: Any) -> None:
        """Fail."""
        raise ConnectionError("no answer from http://me:secret@server:5000/api\nmore words")

    metrics = end = progress


@pytest.fixture
def _down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the project's tracker be one whose runs fail after the start."""
    library = SimpleNamespace(Run=lambda name, params: Down())
    monkeypatch.setattr(tracking, "import_module", lambda name: library)
    monkeypatch.setattr(tracking, "read_choices", lambda: Choices(1, ("rest",), "mytracker"))


@pytest.mark.usefixtures("_down")
def test_a_tracker_that_fails_during_training_warns_once_and_training_continues(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with start_run("flights", {}) as tracker:
        tracker.progress(0, 20, 0.5)
        tracker.progress(0, 40, 0.25)
        tracker.metrics({"roc_auc": 0.7})
        reached = "the end"
    captured = capsys.readouterr()
    assert reached == "the end"
    assert captured.out == "trial 0, 20 rounds: loss 0.5000\ntrial 0, 40 rounds: loss 0.2500\n"
    assert captured.err == (
        "warning: mytracker failed (no answer from http://server:5000/api); "
        "the training continues without it\n"
    )


@pytest.mark.usefixtures("_down")
def test_a_failing_tracker_does_not_mask_the_error_of_the_training() -> None:
    with pytest.raises(ValueError, match="the loss is nan"), start_run("flights", {}):
        raise ValueError("the loss is nan")


def test_mlflow_flattens_nested_settings_and_keeps_lists() -> None:
    settings = {"search": {"space": {"leaves": [7, 15]}, "trials": 4}, "note": None, "empty": {}}
    assert flatten(settings) == {
        "search.space.leaves": [7, 15],
        "search.trials": 4,
        "note": None,
        "empty": {},
    }


def test_defaults_replace_empty_variables_and_keep_set_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACKER_MODE", "")
    monkeypatch.setenv("TRACKER_HOME", "chosen")
    set_defaults({"TRACKER_MODE": "offline", "TRACKER_HOME": "usual"})
    assert os.environ["TRACKER_MODE"] == "offline"
    assert os.environ["TRACKER_HOME"] == "chosen"
