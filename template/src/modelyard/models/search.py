"""The search for the candidate's settings: seeded, within a budget, resumable at any point."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import is_regressor
from sklearn.model_selection import ParameterSampler

from ..console import UserError
from ..params import Search, Train
from ..schema.contract import Task
from .checkpoint import Checkpoints
from .dataset import Dataset
from .loss import checked_loss


@dataclass(frozen=True)
class Plan:
    """What all trials of a training share.

    Args:
        rows: what the models learn from.
        task: the kind of target.
        train: the section of `params.yaml`.
        kept: where progress is kept.
        estimator: the module that makes and grows models (`models/estimator.py`).
        report: called with the trial's number, its rounds so far and its loss.
    """

    rows: Dataset
    task: Task
    train: Train
    kept: Checkpoints
    report: Callable[[int, int, float], None]
    estimator: Any


def list_trials(train: Train, search: Search) -> list[dict[str, Any]]:
    """List the settings to try: those of `params.yaml`, then seeded draws from the space.

    No settings are listed twice, so a small space may give fewer than `search.trials`.
    """
    size = int(np.prod([len(values) for values in search.space.values()]))
    drawn = ParameterSampler(search.space, min(search.trials, size), random_state=train.seed)
    trials = [train.candidate]
    for settings in drawn:
        if train.candidate | settings not in trials:
            trials.append(train.candidate | settings)
    return trials[: search.trials]


def run_trial(plan: Plan, trial: int, settings: dict[str, Any]) -> Any:
    """Grow one model to its full size, going on from its newest checkpoint.

    Raises:
        UserError: its loss is no number or too great; the text says after how many rounds.
    """
    done, model = plan.kept.newest_model(trial)
    if model is None:
        model = fitting(make(plan.estimator, settings, plan.train.seed), plan.task, "candidate")
    last, step = plan.train.rounds, plan.train.checkpoint_every
    for rounds in [*range(done - done % step + step, last, step), last]:
        if rounds > done:
            grow(plan, model, rounds)
            loss = checked_loss(model, plan.rows, plan.task, plan.train.divergence)
            plan.kept.save_model(trial, rounds, model)
            plan.report(trial, rounds, loss)
    return model


def make(estimator: Any, settings: dict[str, Any], seed: int) -> Any:
    """Make the untrained candidate.

    Raises:
        UserError: it does not know a setting.
    """
    try:
        return estimator.candidate(settings, seed)
    except TypeError as failure:
        raise UserError(f"params.yaml: train.candidate or search.space: {failure}") from None


def fitting(model: Any, task: Task, maker: str) -> Any:
    """Give a model back if it is of the kind that the target asks for.

    Args:
        model: an estimator, or a pipeline that ends with one.
        task: the kind of target.
        maker: the function of `models/estimator.py` that made it.

    Raises:
        UserError: it is of another kind; the text names it.
    """
    if is_regressor(model) == (task == "regression"):
        return model
    found = type(model.steps[-1][1] if hasattr(model, "steps") else model).__name__
    allowed = "a regressor" if task == "regression" else "a classifier"
    raise UserError(
        f"models/estimator.py: {maker} makes a {found}, "
        f"allowed is {allowed}: the target of schema.py is for {task}"
    )


def grow(plan: Plan, model: Any, rounds: int) -> None:
    """Train a model on.

    Raises:
        UserError: it refuses a setting's value.
    """
    try:
        plan.estimator.grow(model, rounds, plan.rows.X, plan.rows.y)
    except ValueError as failure:
        raise UserError(f"the candidate cannot be trained: {failure}") from None
