"""Each tracker keeps of a run what it was told."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from modelyard.console import UserError
from modelyard.tracking.start import start_run

SETTINGS = {"train": {"seed": 7, "candidate": {"learning_rate": 0.06}}, "as_of": "2013-09-01"}


@pytest.fixture(params=["dvclive", "mlflow", "wandb"])
def tracker(request: pytest.FixtureRequest) -> str:
    """The tracker that was chosen."""
    return str(request.param)


@pytest.fixture
def kept(tracker: str) -> Any:
    """What reads a run back, and hinders the tracker."""
    return import_module(f"tests.runtime.read_{tracker}")


@pytest.fixture
def folder(tracker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to record in, outside of git and of DVC, which names the tracker and no more."""
    monkeypatch.chdir(tmp_path)
    chosen = f'[tool.modelyard]\nlevel = 1\ntargets = ["rest"]\ntracker = "{tracker}"\n'
    (tmp_path / "pyproject.toml").write_text(chosen, "utf-8")
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "WANDB_MODE", "WANDB_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def train_until_it_breaks() -> None:
    """Open a run and raise in the middle of it."""
    with start_run("flights", SETTINGS) as run:
        run.progress(0, 20, 0.5)
        raise KeyError("out of rows")


def test_a_run_keeps_settings_progress_and_metrics(
    folder: Path, kept: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with start_run("flights", SETTINGS) as run:
        run.progress(0, 20, 0.5)
        run.progress(0, 40, 0.25)
        run.progress(1, 20, 0.48125)
        run.metrics({"roc_auc": 0.7, "log_loss": 0.4})
    told = kept.read_run(folder)
    assert told["params"]["train.candidate.learning_rate"] == "0.06"
    assert told["params"]["train.seed"] == "7"
    assert told["params"]["as_of"] == "2013-09-01"
    assert told["losses"] == {"trial_0": [(20, 0.5), (40, 0.25)], "trial_1": [(20, 0.48125)]}
    assert told["metrics"] == {"roc_auc": 0.7, "log_loss": 0.4}
    assert not told["failed"]
    assert "trial 0, 40 rounds: loss 0.2500\n" in capsys.readouterr().out


def test_a_run_that_breaks_off_is_marked_as_failed_and_keeps_its_progress(
    folder: Path, kept: Any
) -> None:
    with pytest.raises(KeyError, match="out of rows"):
        train_until_it_breaks()
    told = kept.read_run(folder)
    assert told["failed"]
    assert told["losses"] == {"trial_0": [(20, 0.5)]}


def test_a_second_run_starts_empty(folder: Path, kept: Any) -> None:
    with start_run("flights", SETTINGS) as run:
        run.progress(0, 20, 0.5)
        run.metrics({"roc_auc": 0.7})
    with start_run("flights", {"train": {"seed": 8}}) as run:
        run.metrics({"log_loss": 0.4})
    told = kept.read_run(folder)
    assert told["params"]["train.seed"] == "8"
    assert "as_of" not in told["params"]
    assert told["losses"] == {}
    assert told["metrics"] == {"log_loss": 0.4}


def test_a_tracker_that_cannot_start_stops_the_training_before_it_begins(
    folder: Path, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.hinder(folder, monkeypatch)
    began: list[str] = []
    with pytest.raises(UserError, match="cannot record") as stopped, start_run("flights", SETTINGS):
        began.append("the training")
    assert not began
    assert "secret" not in str(stopped.value)
    assert "\n" not in str(stopped.value)
