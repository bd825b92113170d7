"""Trials of the gate in a project's environment: `python trials.py PACKAGE SEEDS`.

A trial compares a candidate with a serving model, both trained on bootstrap samples of the training
rows. Equally good candidates give the rate of false vetoes, damaged ones the rate of misses.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from modelyard.models.gates.versions import history
from modelyard.models.gates.versions import serving_model as serving
from modelyard.models.gates.versions.params import History, Serving
from modelyard.models.metrics import improvement

from candidates import (
    FROZEN,
    METRIC,
    PARAMS,
    TEST,
    collapsed,
    metric_value,
    mislabelled,
    noisy,
    predict,
    short_of_rounds,
    short_of_rows,
    sound,
)

MOST_FALSE = 0.05
CHAIN = 10
SERVING, HISTORY = PARAMS.gate.section(Serving), PARAMS.gate.section(History)


def entry(model: Any, name: str) -> Any:
    """Return the entry of a model in the gate's history."""
    about = {"version": name, "trained_as_of": "", "schema_hash": ""}
    return history.make_entry(about, "rows", {METRIC: metric_value(predict(model, FROZEN), FROZEN)})


class Trial(NamedTuple):
    """Whether each check that compares models refuses, and the decrease of the metric."""

    whole: bool
    slices: bool
    versions: bool
    loss: float

    @property
    def vetoed(self) -> bool:
        """Whether any of them refuses."""
        return self.whole or self.slices or self.versions


def trial(seed: int, candidate: Any, predictions: Any = None) -> Trial:
    """Compare a candidate with a serving model trained on another bootstrap sample."""
    served, predictions = sound(seed + 1), predictions or predict(candidate, TEST)
    before = predict(served, TEST)
    evaluation = serving.Evaluation(TEST.y, TEST.groups, predictions)
    checks = serving.compare(evaluation, before, METRIC, SERVING, PARAMS.gate.min_slice_rows)
    past, new = [entry(served, "served")], entry(candidate, "candidate")
    slow = history.compare(past, new, len(FROZEN.y), METRIC, HISTORY)
    return Trial(
        checks[0].refuses,
        any(check.refuses for check in checks[1:]),
        any(check.refuses for check in slow),
        improvement(METRIC, metric_value(before, TEST), metric_value(predictions, TEST)),
    )


def show(name: str, trials: list[Trial]) -> float:
    """Print a line of the table; return the share of vetoed candidates."""
    shares = [np.mean([one[place] for one in trials]) for place in range(3)]
    vetoed, loss = np.mean([one.vetoed for one in trials]), np.mean([one.loss for one in trials])
    cells = " | ".join(f"{share:5.0%}" for share in [*shares, vetoed])
    print(f"| {name:<46} | {loss:+.4f} | {cells} |", flush=True)
    return float(vetoed)


def damages() -> Iterator[tuple[str, Callable[[int], Any]]]:
    """Yield the kinds of damage, each in several sizes."""
    for size in (0.5, 1.0, 2.0):
        yield f"noise of {size:g} standard deviations on leaves", partial(noisy, size=size)
    for share in (0.25, 0.5, 1.0):
        yield f"{share:.0%} of the labels shuffled", partial(mislabelled, share=share)
    for share in (0.3, 0.1, 0.03):
        yield f"trained on {share:.0%} of the rows", partial(short_of_rows, share=share)
    for share in (0.3, 0.1, 0.02):
        yield f"stopped after {share:.0%} of the rounds", partial(short_of_rounds, share=share)


def chain(seed: int, step: float) -> tuple[int, int]:
    """Evaluate a sequence of versions, each a little worse than the one before.

    Args:
        seed: of the chain.
        step: increase of the noise on the leaves; 0 compares equally good versions, each trained
            on another bootstrap sample.

    Returns:
        The numbers of versions accepted by the whole gate, and by a comparison with the last only.
    """
    steps = range(CHAIN)
    models = [noisy(seed, step * at) if step else sound(seed * CHAIN + at) for at in steps]
    alone, whole = [models[0]], [models[0]]
    for number, model in enumerate(models[1:], 1):
        evaluation = serving.Evaluation(TEST.y, TEST.groups, predict(model, TEST))
        last = predict(models[number - 1], TEST)
        checks = serving.compare(evaluation, last, METRIC, SERVING, PARAMS.gate.min_slice_rows)
        sudden = any(check.refuses for check in checks)
        past = [entry(one, str(place)) for place, one in enumerate(models[:number])]
        slow = history.compare(past, entry(model, "new"), len(FROZEN.y), METRIC, HISTORY)
        alone += [model] if len(alone) == number and not sudden else []
        stopped = sudden or any(check.refuses for check in slow)
        whole += [model] if len(whole) == number and not stopped else []
    return len(whole), len(alone)


def main() -> int:
    """Run all trials and print the rates; return 1 if too many sound models are vetoed."""
    seeds = range(int(sys.argv[2]))
    some, few = seeds[: max(1, len(seeds) // 4)], seeds[: max(1, len(seeds) // CHAIN)]
    print(f"{len(seeds)} seeds, for damage {len(some)}, for chains {len(few)}")
    print(f"{len(TEST.y):,} test rows, {len(FROZEN.y):,} frozen rows, {METRIC}")
    print("| candidate | loss | vetoed: as a whole | by a slice | by the versions | by any |")
    print("| --- | --- | --- | --- | --- | --- |")
    false = show("as good: another bootstrap of the rows", [trial(s, sound(s)) for s in seeds])
    for name, make in damages():
        show(name, [trial(s, make(s)) for s in some])
    show("one group's scores shuffled", [trial(s, sound(s), collapsed(s)) for s in some])
    for step in (0.0, 0.03, 0.06):
        whole, alone = zip(*(chain(s, step) for s in few), strict=True)
        print(
            f"chain of {CHAIN}, noise + {step:g} each: accepted by all checks {sorted(whole)}, "
            f"by a comparison with the last version only {sorted(alone)}"
        )
    return int(false > MOST_FALSE)


if __name__ == "__main__":
    sys.exit(main())
