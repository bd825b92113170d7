"""A sudden drop, overall or in one slice, is refused; an equal model passes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from modelyard.models.gates.check import Check
from modelyard.models.gates.versions.serving_model import (
    Evaluation,
    bootstrap,
    compare,
    incomparable_reason,
    read_serving_model,
)
from modelyard.models.scorer import Predictions
from modelyard.params_sections import Serving
from modelyard.schema.columns import Text
from modelyard.schema.contract import Classes, Schema

TARGET = Classes("fate", "", values=("kept", "returned"))
SCHEMA = Schema((Text("order", ""),), TARGET, "order")
ROWS = 1200
RANDOM = np.random.default_rng(5)
TRUTH = RANDOM.normal(size=ROWS)
Y = (TRUTH + RANDOM.normal(size=ROWS) > 0).astype(int)
GROUPS = {"region": np.array(["north"] * 800 + ["south"] * 390 + ["tiny"] * 10)}
STRICT = Serving(resamples=200, confidence=0.95, tolerance=0.01, slice_tolerance=0.03)
MIN_SLICE_ROWS = 50
SOUTH = GROUPS["region"] == "south"


def noisy(noise: float, rows: np.ndarray | None = None, seed: int = 0) -> Predictions:
    """Return predictions of the true labels, with noise in some rows."""
    spoilt = np.ones(ROWS, bool) if rows is None else rows
    rank = TRUTH + np.where(spoilt, np.random.default_rng(seed).normal(0, noise, ROWS), 0)
    positive = 1 / (1 + np.exp(-rank))
    return Predictions(np.column_stack([1 - positive, positive]), TARGET, 0.5)


def labelled(predictions: Predictions) -> Evaluation:
    return Evaluation(Y, GROUPS, predictions, {}, SCHEMA)


def against(candidate: Predictions, served: Predictions) -> list[Check]:
    return compare(labelled(candidate), served, "roc_auc", STRICT, MIN_SLICE_ROWS)


def refusing(checks: list[Check]) -> list[str]:
    return [check.name for check in checks if check.refuses]


def test_the_same_model_gains_nothing_and_passes() -> None:
    checks = against(noisy(0.5), noisy(0.5))
    assert [check.value for check in checks if check.value is not None] == [0.0, 0.0, 0.0]
    assert refusing(checks) == []


def test_an_equally_good_model_passes() -> None:
    assert refusing(against(noisy(0.3, seed=1), noisy(0.3, seed=2))) == []


def test_a_much_better_model_passes() -> None:
    assert refusing(against(noisy(0.0), noisy(3.0))) == []


def test_a_sudden_drop_overall_is_refused() -> None:
    assert "serving: roc_auc, upper bound of the gain" in refusing(against(noisy(3.0), noisy(0.0)))


def test_a_sudden_drop_of_one_slice_is_refused_and_the_slice_is_named() -> None:
    assert "region south: serving: roc_auc, upper bound of the gain" in refusing(
        against(noisy(9.0, SOUTH), noisy(0.0))
    )


def test_a_drop_within_the_tolerance_passes() -> None:
    lenient = STRICT.model_copy(update=WIDE)
    checks = compare(labelled(noisy(3.0)), noisy(0.0), "roc_auc", lenient, MIN_SLICE_ROWS)
    assert refusing(checks) == []


WIDE = {"tolerance": 0.5, "slice_tolerance": 0.5}


def test_of_an_error_less_is_a_gain() -> None:
    checks = compare(labelled(noisy(3.0)), noisy(0.0), "log_loss", STRICT, MIN_SLICE_ROWS)
    assert "serving: log_loss, upper bound of the gain" in refusing(checks)


def test_a_slice_with_too_few_rows_is_named_and_does_not_pass() -> None:
    small = against(noisy(0.5), noisy(0.5))[-1]
    assert (small.outcome, small.passed) == ("insufficient data", False)
    assert "tiny" in small.note


def test_rows_of_one_class_are_insufficient() -> None:
    one = Evaluation(np.ones(ROWS, int), {}, noisy(0.5), {}, SCHEMA)
    checks = compare(one, noisy(0.5), "roc_auc", STRICT, MIN_SLICE_ROWS)
    assert checks[0].outcome == "insufficient data"


def test_a_resample_draws_with_replacement_and_others_each_time() -> None:
    drawn = [counts.tolist() for counts in bootstrap(20, 3)]
    assert [sum(counts) for counts in drawn] == [20, 20, 20]
    assert len({tuple(counts) for counts in drawn} | {(1,) * 20}) == 4
    assert drawn == [counts.tolist() for counts in bootstrap(20, 3)]


ABOUT: dict[str, Any] = {"version": "1", "sha256": "1", "schema_hash": "a", "code_hash": "b"}
CANDIDATE = ABOUT | {"version": "2", "sha256": "2"}
BUILD_CHANGED = "features/build.py, or a module that it imports, changed since model 1 was trained"
REASONS: list[tuple[dict[str, Any] | None, str]] = [
    (None, "there is no other serving model"),
    (CANDIDATE, "there is no other serving model"),
    (ABOUT, ""),
    (ABOUT | {"schema_hash": "c"}, "schema.py changed since model 1 was trained"),
    (ABOUT | {"code_hash": "c"}, BUILD_CHANGED),
]


@pytest.mark.parametrize(("served", "reason"), REASONS)
def test_models_that_are_not_comparable_are_reported_with_the_reason(
    served: dict[str, Any] | None, reason: str
) -> None:
    assert incomparable_reason(served, CANDIDATE) == reason


def test_a_new_project_has_no_serving_model(tmp_path: Path) -> None:
    assert read_serving_model(tmp_path) is None
