"""Check the settings of the search on few rows, and estimate how long it takes."""

import time
from collections.abc import Iterator
from typing import Any

from modelyard.models.dataset import Dataset
from modelyard.models.search import grow, list_trials, make_candidate
from modelyard.params import Params

from ..context import PARAMS, Context
from ..failures import text_of
from ..finding import Finding
from ..lines import line_of_setting
from ..rehearsal import few_rows
from .estimator import ROUNDS, quiet

NAME = "search"
MOST_TRIALS = 20  # settings that are tried, with one round each
LONG_S = 3600.0  # a longer search is noted


def check_search(context: Context) -> Iterator[Finding]:
    """Yield settings that the estimator refuses, and a search that would take long."""
    params = context.params
    assert params is not None
    trials = list_trials(params.train, params.search)
    refused = next(refused_settings(context, params, trials[:MOST_TRIALS]), None)
    if refused:  # the others would be refused for the same reason
        yield refused
        return
    seconds = estimate(context, params, len(trials))
    text = f"{len(trials)} trials of {params.train.rounds} rounds take about {human(seconds)}"
    context.facts.append(f"search: {text}")
    context.seconds["search (estimated)"] = seconds
    if seconds > LONG_S:
        yield Finding(
            NAME, PARAMS, text, f"any time; longer than {human(LONG_S)} is noted",
            "fewer search.trials or train.rounds, or simpler settings",
            line_of_setting(context.root / PARAMS, "search.trials"), "note",
        )  # fmt: skip


def refused_settings(
    context: Context, params: Params, trials: list[dict[str, Any]]
) -> Iterator[Finding]:
    """Yield the settings with which the candidate cannot be trained for one round."""
    assert context.dataset is not None
    assert context.schema is not None
    rows, first = few_rows(context.dataset, context.schema), params.train.candidate
    for settings in trials:
        try:
            fit_seconds(context, settings, rows, 1)
        except Exception as failure:
            changed = [name for name in settings if settings[name] != first.get(name)]
            where = f"search.space.{changed[0]}" if len(changed) == 1 else "search.space"
            yield Finding(
                NAME, PARAMS, f"{settings}: {text_of(failure)}", "values that the estimator takes",
                "correct search.space", line_of_setting(context.root / PARAMS, where),
            )  # fmt: skip


def estimate(context: Context, params: Params, trials: int) -> float:
    """Estimate the seconds of the search: linear in rows and rounds, from two short trainings."""
    assert context.dataset is not None
    assert context.raw is not None
    assert context.schema is not None
    few, more = few_rows(context.dataset, context.schema), context.dataset
    rounds, settings = min(ROUNDS, params.train.rounds), params.train.candidate
    first = fit_seconds(context, settings, few, rounds)
    training = context.raw.height * (1 - params.split.validation - params.split.test)
    slope = 0.0
    if len(more.y) > 2 * len(few.y):
        slope = (fit_seconds(context, settings, more, rounds) - first) / (len(more.y) - len(few.y))
    whole = first + max(0.0, slope) * max(0.0, training - len(few.y))
    return whole * trials * params.train.rounds / rounds


def fit_seconds(context: Context, settings: dict[str, Any], rows: Dataset, rounds: int) -> float:
    """Train a candidate; return the seconds that it took."""
    assert context.params is not None
    assert context.schema is not None
    estimator, task = context.estimator, context.schema.target.task
    model = make_candidate(estimator, settings, context.params.train.seed, task)
    start = time.perf_counter()
    with quiet():
        grow(estimator, model, rounds, rows)
    return time.perf_counter() - start


def human(seconds: float) -> str:
    """Return a duration in words: seconds, minutes or hours."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(1, round(seconds))} s"
