"""Each tracker records settings, progress, metrics and status of a run."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from modelyard.console import UserError
from modelyard.tracking.tracker import start_run

SETTINGS = {"train": {"seed": 7, "candidate": {"learning_rate": 0.06}}, "as_of": "2013-09-01"}


@pytest.fixture(params=["dvclive", "mlflow", "wandb"])
def tracker(request: pytest.FixtureRequest) -> str:
    """Name of the tracker under test."""
    return str(request.param)


@pytest.fixture
def reader(tracker: str) -> Any:
    """Test module that reads a run back and can break the tracker."""
    return import_module(f"tests.runtime.read_{tracker}")


@pytest.fixture
def folder(tracker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder outside of git and DVC whose `pyproject.toml` selects the tracker."""
    monkeypatch.chdir(tmp_path)
    chosen = f'[tool.modelyard]\nlevel = 1\ntargets = ["rest"]\ntracker = "{tracker}"\n'
    (tmp_path / "pyproject.toml").write_text(chosen, "utf-8")
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "WANDB_MODE", "WANDB_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def train_with_error() -> None:
    """Start a run and raise during it."""
    with start_run("flights", SETTINGS) as run:
        run.progress(0, 20, 0.5)
        raise KeyError("out of rows")


def test_a_run_records_settings_progress_and_metrics(
    folder: Path, reader: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with start_run("flights", SETTINGS) as run:
        run.progress(0, 20, 0.5)
        run.progress(0, 40, 0.25)
        run.progress(1, 20, 0.48125)
        run.metrics({"roc_auc": 0.7, "log_loss": 0.4})
    run_data = reader.read_run(folder)
    assert run_data["params"]["train.candidate.learning_rate"] == "0.06"
    assert run_data["params"]["train.seed"] == "7"
    assert run_data["params"]["as_of"] == "2013-09-01"
    assert run_data["losses"] == {"trial_0": [(20, 0.5), (40, 0.25)], "trial_1": [(20, 0.48125)]}
    assert run_data["metrics"] == {"roc_auc": 0.7, "log_loss": 0.4}
    assert not run_data["failed"]
    assert "trial 0, 40 rounds: loss 0.2500\n" in capsys.readouterr().out


def test_a_run_that_raises_is_marked_as_failed_and_keeps_its_progress(
    folder: Path, reader: Any
) -> None:
    with pytest.raises(KeyError, match="out of rows"):
        train_with_error()
    run_data = reader.read_run(folder)
    assert run_data["failed"]
    assert run_data["losses"] == {"trial_0": [(20, 0.5)]}


def test_a_second_run_starts_empty(folder: Path, reader: Any) -> None:
    with start_run("flights", SETTINGS) as run:
        run.progress(0, 20, 0.5)
        run.metrics({"roc_auc": 0.7})
    with start_run("flights", {"train": {"seed": 8}}) as run:
        run.metrics({"log_loss": 0.4})
    run_data = reader.read_run(folder)
    assert run_data["params"]["train.seed"] == "8"
    assert "as_of" not in run_data["params"]
    assert run_data["losses"] == {}
    assert run_data["metrics"] == {"log_loss": 0.4}


def test_a_tracker_that_cannot_start_stops_the_training(
    folder: Path, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.break_tracker(folder, monkeypatch)
    began: list[str] = []
    with pytest.raises(UserError, match="cannot record") as stopped, start_run("flights", SETTINGS):
        began.append("the training")
    assert not began
    assert "secret" not in str(stopped.value)
    assert "\n" not in str(stopped.value)
