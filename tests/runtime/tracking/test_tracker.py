"""What every tracker shares, with a library that fails on purpose."""

import os
from typing import Any

import pytest
from modelyard.tracking.mlflow import flatten
from modelyard.tracking.tracker import recording, set_defaults


class Down:
    """A server that was there when the run began, and then went down."""

    def progress(self, *told: Any, **named: Any) -> None:
        """Fail."""
        raise ConnectionError("no answer from http://me:secret@server:5000/api\nmore words")

    metrics = end = progress


def test_a_tracker_that_fails_later_warns_once_and_the_training_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with recording("mytracker", Down) as tracker:
        tracker.progress(0, 20, 0.5)
        tracker.progress(0, 40, 0.25)
        tracker.metrics({"roc_auc": 0.7})
        reached = "the end"
    shown = capsys.readouterr()
    assert reached == "the end"
    assert shown.out == "trial 0, 20 rounds: loss 0.5000\ntrial 0, 40 rounds: loss 0.2500\n"
    assert shown.err == (
        "warning: mytracker recorded the run only up to here "
        "(no answer from http://server:5000/api); the training goes on\n"
    )


def test_a_failing_tracker_does_not_hide_why_a_training_failed() -> None:
    with pytest.raises(ValueError, match="the loss is nan"), recording("mytracker", Down):
        raise ValueError("the loss is nan")


def test_in_mlflow_settings_are_named_by_their_path_and_lists_stay_whole() -> None:
    settings = {"search": {"space": {"leaves": [7, 15]}, "trials": 4}, "note": None, "empty": {}}
    assert flatten(settings) == {
        "search.space.leaves": [7, 15],
        "search.trials": 4,
        "note": None,
        "empty": {},
    }


def test_an_empty_variable_counts_as_not_set_and_a_set_one_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACKER_MODE", "")
    monkeypatch.setenv("TRACKER_HOME", "chosen")
    set_defaults({"TRACKER_MODE": "offline", "TRACKER_HOME": "usual"})
    assert os.environ["TRACKER_MODE"] == "offline"
    assert os.environ["TRACKER_HOME"] == "chosen"
