from pathlib import Path
from typing import Any

import pytest
from modelyard.models.search import Checkpoints
from sklearn.dummy import DummyRegressor


@pytest.fixture
def kept(tmp_path: Path) -> Checkpoints:
    return Checkpoints("abc", tmp_path)


def constant(value: float) -> Any:
    return DummyRegressor(strategy="constant", constant=value).fit([[0]], [value])


def test_without_a_checkpoint_there_are_no_rounds_and_no_model(kept: Checkpoints) -> None:
    assert kept.newest_model(0) == (0, None)


def test_the_model_with_the_most_rounds_is_the_newest(kept: Checkpoints) -> None:
    for rounds in (100, 20, 1000, 40):
        kept.save_model(0, rounds, constant(rounds))
    rounds, model = kept.newest_model(0)
    assert (rounds, model.predict([[0]])[0]) == (1000, 1000)


def test_each_trial_has_checkpoints_of_its_own(kept: Checkpoints) -> None:
    kept.save_model(1, 20, constant(1))
    kept.save_model(11, 40, constant(2))
    assert [kept.newest_model(trial)[0] for trial in (0, 1, 11)] == [0, 20, 40]


@pytest.mark.parametrize("keep", [0, 10, 64, 200, -1])
def test_a_truncated_checkpoint_is_skipped(kept: Checkpoints, keep: int) -> None:
    kept.save_model(0, 20, constant(1))
    kept.save_model(0, 40, constant(2))
    newest = max(kept.folder.iterdir())
    newest.write_bytes(newest.read_bytes()[:keep])
    assert kept.newest_model(0)[0] == 20


def test_a_trial_restarts_if_all_checkpoints_are_damaged(kept: Checkpoints) -> None:
    kept.save_model(0, 20, constant(1))
    next(kept.folder.iterdir()).write_bytes(b"x" * 500)
    assert kept.newest_model(0) == (0, None)


def test_another_training_does_not_see_the_checkpoints(kept: Checkpoints, tmp_path: Path) -> None:
    kept.save_model(0, 20, constant(1))
    kept.save_result(0, {"metrics": {}})
    other = Checkpoints("abd", tmp_path)
    assert (other.newest_model(0), other.result(0)) == ((0, None), None)


def test_a_saved_result_is_read_unchanged(kept: Checkpoints) -> None:
    kept.save_result(3, {"metrics": {"rmse": 0.1 + 0.2}})
    assert (kept.result(3), kept.result(0)) == ({"metrics": {"rmse": 0.1 + 0.2}}, None)


def test_a_truncated_result_is_ignored(kept: Checkpoints) -> None:
    kept.save_result(0, {"metrics": {}})
    (kept.folder / "trial-000.json").write_text('{"metr', "utf-8")
    assert kept.result(0) is None


def test_clearing_deletes_only_the_checkpoints_of_this_training(
    kept: Checkpoints, tmp_path: Path
) -> None:
    other = Checkpoints("abd", tmp_path)
    for checkpoints in (kept, other):
        checkpoints.save_model(0, 20, constant(1))
    kept.clear()
    assert (kept.newest_model(0)[0], other.newest_model(0)[0]) == (0, 20)
