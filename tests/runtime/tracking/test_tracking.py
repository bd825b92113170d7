from pathlib import Path

import pytest

from modelyard import tracking
from modelyard.console import UserError

from read_{{ experiment_tracker }} import hinder, read_run

SETTINGS = {"train": {"seed": 7, "candidate": {"learning_rate": 0.06}}, "as_of": "2013-09-01"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to record in, outside of git and of DVC."""
    monkeypatch.chdir(tmp_path)
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "WANDB_MODE", "WANDB_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def train_until_it_breaks() -> None:
    """Open a run and raise in the middle of it."""
    with tracking.start_run(SETTINGS) as tracker:
        tracker.progress(0, 20, 0.5)
        raise KeyError("out of rows")


def test_a_run_keeps_settings_progress_metrics_and_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note = folder / "note.txt"
    note.write_text("as it was", "utf-8")
    with tracking.start_run(SETTINGS) as tracker:
        tracker.progress(0, 20, 0.5)
        tracker.progress(0, 40, 0.25)
        tracker.progress(1, 20, 0.48125)
        tracker.metrics({"roc_auc": 0.7, "log_loss": 0.4})
        tracker.artifact(note)
    note.write_text("changed after the run", "utf-8")
    run = read_run(folder)
    assert run["params"]["train.candidate.learning_rate"] == "0.06"
    assert run["params"]["train.seed"] == "7"
    assert run["params"]["as_of"] == "2013-09-01"
    assert run["losses"] == {"trial_0": [(20, 0.5), (40, 0.25)], "trial_1": [(20, 0.48125)]}
    assert run["metrics"] == {"roc_auc": 0.7, "log_loss": 0.4}
    assert run["artifacts"]["note.txt"] == b"as it was"
    assert not run["failed"]
    assert "trial 0, 40 rounds: loss 0.2500\n" in capsys.readouterr().out


def test_a_run_that_breaks_off_is_marked_as_failed_and_keeps_its_progress(folder: Path) -> None:
    with pytest.raises(KeyError, match="out of rows"):
        train_until_it_breaks()
    run = read_run(folder)
    assert run["failed"]
    assert run["losses"] == {"trial_0": [(20, 0.5)]}


def test_a_second_run_starts_empty(folder: Path) -> None:
    (folder / "note.txt").write_text("of the first run", "utf-8")
    with tracking.start_run(SETTINGS) as tracker:
        tracker.progress(0, 20, 0.5)
        tracker.metrics({"roc_auc": 0.7})
        tracker.artifact(folder / "note.txt")
    with tracking.start_run({"train": {"seed": 8}}) as tracker:
        tracker.metrics({"log_loss": 0.4})
    run = read_run(folder)
    assert run["params"]["train.seed"] == "8"
    assert "as_of" not in run["params"]
    assert run["losses"] == {}
    assert run["metrics"] == {"log_loss": 0.4}
    assert "note.txt" not in run["artifacts"]


def test_a_tracker_that_cannot_start_stops_the_training_before_it_begins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hinder(folder, monkeypatch)
    began: list[str] = []
    with pytest.raises(UserError, match="cannot record") as stopped, tracking.start_run(SETTINGS):
        began.append("the training")
    assert not began
    assert "secret" not in str(stopped.value)
    assert "\n" not in str(stopped.value)
