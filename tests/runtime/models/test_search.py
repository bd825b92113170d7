import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.models.dataset import Dataset
from modelyard.models.search import Checkpoints, SearchContext, list_trials, run_trial
from modelyard.models.train import choose_best
from modelyard.params_sections import Search, Train
from sklearn.linear_model import SGDRegressor

X = np.linspace(0, 1, 30, dtype=np.float32)[:, np.newaxis]
ROWS = Dataset(X, 3 * X[:, 0].astype(float) + 1)
TRAIN = Train(seed=1, rounds=10, checkpoint_every=4, divergence=1.5, candidate={})
FIRST = {"a": 1, "b": True, "c": 5}
SPACE: dict[str, list[Any]] = {"a": [1, 2, 3], "b": [True, False]}


@dataclass
class Steps:
    """An estimator module whose model runs one epoch per round."""

    eta0: float = 0.1
    grown_to: list[int] = field(default_factory=list)

    def candidate(self, settings: dict[str, Any], seed: int) -> SGDRegressor:
        settings = {"learning_rate": "constant", "eta0": self.eta0} | settings
        return SGDRegressor(**settings, random_state=seed)

    def grow(self, model: SGDRegressor, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
        passed = int(getattr(model, "t_", 1) // len(y))
        for _ in range(passed, rounds):
            model.partial_fit(X, y)
        self.grown_to.append(rounds)


@pytest.fixture
def steps() -> Steps:
    return Steps()


@pytest.fixture
def context(steps: Steps, tmp_path: Path) -> SearchContext:
    return SearchContext(
        ROWS, "regression", TRAIN, Checkpoints("x", tmp_path), lambda *_: None, steps
    )


def trials(count: int, seed: int = 1, **space: list[Any]) -> list[dict[str, Any]]:
    section = Search(trials=count, choose_by="rmse", space=space or SPACE)
    return list_trials(TRAIN.model_copy(update={"candidate": FIRST, "seed": seed}), section)


def test_the_settings_of_params_yaml_are_tried_first() -> None:
    assert trials(1) == [FIRST]
    assert trials(4)[0] == FIRST


def test_the_requested_number_of_settings_is_tried_without_duplicates() -> None:
    drawn = trials(5)
    assert len(drawn) == len({tuple(settings.items()) for settings in drawn}) == 5


def test_a_small_space_is_tried_as_a_whole() -> None:
    assert len(trials(100)) == 6


def test_settings_outside_the_space_stay_as_they_are() -> None:
    assert {settings["c"] for settings in trials(6)} == {5}


def test_the_seed_decides_which_settings_are_drawn() -> None:
    space = {"a": list(range(100))}
    assert trials(5, seed=1, **space) == trials(5, seed=1, **space)
    assert trials(5, seed=1, **space) != trials(5, seed=2, **space)


def test_a_model_grows_to_each_checkpoint_and_to_the_last_round(
    steps: Steps, context: SearchContext
) -> None:
    run_trial(context, 0, {})
    assert steps.grown_to == [4, 8, 10]
    assert context.checkpoints.newest_model(0)[0] == 10


def test_a_trial_learns_what_the_rows_say(context: SearchContext) -> None:
    model = run_trial(context, 0, {})
    assert model.predict([[1.0]]) > model.predict([[0.0]])


def test_rounds_that_are_a_multiple_of_the_checkpoints_are_not_grown_twice(
    steps: Steps, context: SearchContext
) -> None:
    run_trial(replace(context, train=TRAIN.model_copy(update={"rounds": 8})), 0, {})
    assert steps.grown_to == [4, 8]


def test_a_trial_resumes_from_its_newest_checkpoint_and_gives_the_same_model(
    steps: Steps, context: SearchContext, tmp_path: Path
) -> None:
    short = replace(context, train=TRAIN.model_copy(update={"rounds": 6}))
    run_trial(short, 0, {})
    resumed = run_trial(context, 0, {})
    whole = run_trial(replace(context, checkpoints=Checkpoints("y", tmp_path)), 0, {})
    assert steps.grown_to == [4, 6, 8, 10, 4, 8, 10]
    np.testing.assert_array_equal(resumed.coef_, whole.coef_)


def test_without_grow_a_trial_is_one_fit_and_a_killed_one_starts_anew(
    context: SearchContext, tmp_path: Path
) -> None:
    fits: list[Any] = []

    class Counted(SGDRegressor):
        def fit(self, *rows: Any) -> "Counted":
            fits.append(len(fits))
            if len(fits) == 1:
                raise KeyboardInterrupt
            return super().fit(*rows)

    def candidate(settings: dict[str, Any], seed: int) -> Any:
        return Counted(random_state=seed)

    own = SimpleNamespace(candidate=candidate)
    kept = Checkpoints("z", tmp_path, SimpleNamespace(save=save_text, load=load_text))
    once = replace(context, estimator=own, checkpoints=kept)
    with pytest.raises(KeyboardInterrupt):
        run_trial(once, 0, {})
    resumed = run_trial(once, 0, {})
    assert len(fits) == 2
    assert run_trial(once, 0, {}) == [float(value) for value in resumed.coef_]
    assert len(fits) == 2


def save_text(model: SGDRegressor, path: Path) -> None:
    path.write_text(str([*map(float, model.coef_)]), "utf-8")


def load_text(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_a_finished_trial_is_not_run_again(steps: Steps, context: SearchContext) -> None:
    run_trial(context, 0, {})
    steps.grown_to.clear()
    run_trial(context, 0, {})
    assert steps.grown_to == []


def test_a_diverging_trial_stops_and_its_model_is_not_kept(
    steps: Steps, context: SearchContext
) -> None:
    steps.eta0 = 1e6
    with pytest.raises(UserError, match=r"training diverged: the loss is .* smaller learning rate"):
        run_trial(context, 0, {})
    assert context.checkpoints.newest_model(0) == (0, None)


def test_an_unknown_setting_is_named(steps: Steps, context: SearchContext) -> None:
    with pytest.raises(UserError, match=r"params\.yaml: train\.candidate or search.* 'speed'"):
        run_trial(context, 0, {"speed": 5})


def test_a_setting_that_the_estimator_refuses_is_named(
    steps: Steps, context: SearchContext
) -> None:
    with pytest.raises(UserError, match=r"the candidate cannot be trained: .*'alpha'"):
        run_trial(context, 0, {"alpha": -1})


RESULTS = [{"metrics": {"rmse": value, "r2": 1 - value}} for value in (0.5, 0.2, 0.2, 0.9)]


@pytest.mark.parametrize("metric", ["rmse", "r2"])
def test_the_best_trial_is_chosen_and_of_equals_the_first(metric: str) -> None:
    assert choose_best(RESULTS, metric) == 1


def test_an_unknown_metric_to_choose_by_is_named() -> None:
    with pytest.raises(UserError, match=r"params\.yaml: search\.choose_by names 'auc', allowed"):
        choose_best(RESULTS, "auc")


def test_a_candidate_that_does_not_suit_the_target_is_refused(context: SearchContext) -> None:
    message = r"estimator\.py: candidate returns a SGDRegressor, allowed is a classifier"
    with pytest.raises(UserError, match=message):
        run_trial(replace(context, task="binary"), 0, {})
