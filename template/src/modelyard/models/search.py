"""Random search for the candidate's settings: seeded, limited, resumable from checkpoints."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import is_regressor
from sklearn.model_selection import ParameterSampler
from threadpoolctl import threadpool_limits

from ..console import UserError
from ..files import read_json, write_bytes, write_json
from ..params_sections import Search, Train
from ..schema.contract import Task
from . import store
from .dataset import Dataset
from .loss import checked_loss

FOLDER = Path(".cache/train")


class Checkpoints:
    """Checkpoints and trial results of the training run whose inputs have this hash.

    Args:
        fingerprint: the hash.
        folder: the folder of all runs.
        estimator: the project's module, which may say how models are stored (`store`).
    """

    def __init__(self, fingerprint: str, folder: Path = FOLDER, estimator: Any = None) -> None:
        self.folder, self.estimator = folder / fingerprint, estimator

    def save_model(self, trial: int, rounds: int, model: Any) -> None:
        """Write a model trained for `rounds`, prefixed by the hash of its bytes."""
        content = store.to_bytes(model, self.estimator)
        write_bytes(self._model(trial, rounds), _digest(content) + content)

    def newest_model(self, trial: int) -> tuple[int, Any]:
        """Return rounds and model of the newest intact checkpoint; (0, None) without one."""
        for path in sorted(self.folder.glob(f"trial-{trial:03}-*.skops"), reverse=True):
            content = path.read_bytes()
            if content[:64] == _digest(content[64:]):
                model = store.from_bytes(content[64:], str(path), self.estimator)
                return int(path.stem.rsplit("-", 1)[1]), model
            print(f"train: {path} is damaged, using the checkpoint before it")
        return 0, None

    def save_result(self, trial: int, result: dict[str, Any]) -> None:
        """Write the result of a finished trial."""
        write_json(self.folder / f"trial-{trial:03}.json", result)

    def result(self, trial: int) -> dict[str, Any] | None:
        """Return the result of a trial; None if it is not finished."""
        try:
            return dict(read_json(self.folder / f"trial-{trial:03}.json", "it is computed again"))
        except UserError:
            return None

    def clear(self) -> None:
        """Delete the checkpoints, once the trained model is saved."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _model(self, trial: int, rounds: int) -> Path:
        return self.folder / f"trial-{trial:03}-{rounds:06}.skops"


@dataclass(frozen=True)
class SearchContext:
    """Common inputs of all trials; `report` gets the trial, its rounds so far and the loss."""

    rows: Dataset
    task: Task
    train: Train
    checkpoints: Checkpoints
    report: Callable[[int, int, float], None]
    estimator: Any


def list_trials(train: Train, search: Search) -> list[dict[str, Any]]:
    """List the settings to try: `train.candidate`, then random samples of `search.space`.

    Duplicates are skipped, so a small space may yield fewer than `search.trials` settings.
    """
    size = int(np.prod([len(values) for values in search.space.values()]))
    samples = ParameterSampler(search.space, min(search.trials, size), random_state=train.seed)
    trials = [train.candidate]
    for settings in samples:
        if train.candidate | settings not in trials:
            trials.append(train.candidate | settings)
    return trials[: search.trials]


def run_trial(context: SearchContext, trial: int, settings: dict[str, Any]) -> Any:
    """Train one model for all rounds from its newest checkpoint, or by `fit` without `grow`."""
    done, model = context.checkpoints.newest_model(trial)
    if model is None:
        model = make_candidate(context.estimator, settings, context.train.seed, context.task)
    last = step = context.train.rounds
    if hasattr(context.estimator, "grow"):
        step = context.train.checkpoint_every
    for rounds in [*range(done - done % step + step, last, step), last]:
        if rounds > done:
            grow(context.estimator, model, rounds, context.rows)
            loss = checked_loss(model, context.rows, context.task, context.train.divergence)
            context.checkpoints.save_model(trial, rounds, model)
            context.report(trial, rounds, loss)
    return model


def make_candidate(estimator: Any, settings: dict[str, Any], seed: int, task: Task) -> Any:
    """Create the untrained candidate.

    Raises:
        UserError: the estimator does not accept a setting, or does not suit the target.
    """
    try:
        model = estimator.candidate(settings, seed)
    except TypeError as failure:
        raise UserError(f"params.yaml: train.candidate or search.space: {failure}") from None
    return check_estimator_type(model, task, "candidate")


def fit_baseline(estimator: Any, rows: Dataset, task: Task, seed: int) -> Any:
    """Fit the baseline, on one thread so that the order of sums is fixed.

    Raises:
        UserError: the baseline does not suit the target, or does not accept the rows.
    """
    model = check_estimator_type(estimator.baseline(seed), task, "baseline")
    try:
        with threadpool_limits(1):
            return model.fit(rows.X, rows.y)
    except Exception as failure:  # each library has its own
        raise UserError(f"the baseline cannot be trained: {describe(failure)}") from failure


def check_estimator_type(model: Any, task: Task, factory: str) -> Any:
    """Return a model of `factory` if it suits the target: a regressor or a classifier.

    Raises:
        UserError: the model does not suit the target; the message names it.
    """
    tagged = hasattr(model, "__sklearn_tags__")
    regresses = is_regressor(model) if tagged else not hasattr(model, "predict_proba")
    if regresses == (task == "regression"):
        return model
    found = type(model.steps[-1][1] if hasattr(model, "steps") else model).__name__
    allowed = "a regressor" if task == "regression" else "a classifier"
    raise UserError(
        f"models/estimator.py: {factory} returns a {found}, "
        f"allowed is {allowed}: the target in schema.py needs {task}"
    )


def grow(estimator: Any, model: Any, rounds: int, rows: Dataset) -> None:
    """Continue the training of a model up to `rounds`, or fit it if the estimator has no `grow`.

    BLAS gets one thread, so that the order of its sums is fixed.

    Raises:
        UserError: the estimator does not accept the value of a setting, or the rows.
    """
    try:
        with threadpool_limits(1, "blas"):
            if hasattr(estimator, "grow"):
                estimator.grow(model, rounds, rows.X, rows.y)
            else:
                model.fit(rows.X, rows.y)
    except Exception as failure:  # each library has its own
        raise UserError(f"the candidate cannot be trained: {describe(failure)}") from failure


def describe(failure: Exception) -> str:
    """Describe an error of a training by its message, or by its type as well."""
    known = isinstance(failure, ValueError)
    return str(failure) if known else f"{type(failure).__name__}: {failure}"


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
