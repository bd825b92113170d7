"""A sudden drop, as a whole or in one slice, is vetoed; an equal model passes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from modelyard.models.gates.check import Check
from modelyard.models.gates.versions.params import Serving
from modelyard.models.gates.versions.serving_model import (
    Judged,
    compare,
    draws,
    read_served,
    why_not,
)
from modelyard.models.scorer import Predictions
from modelyard.schema.contract import Classes

TARGET = Classes("fate", "", values=("kept", "returned"))
ROWS = 1200
RANDOM = np.random.default_rng(5)
TRUTH = RANDOM.normal(size=ROWS)
Y = (TRUTH + RANDOM.normal(size=ROWS) > 0).astype(int)
GROUPS = {"region": np.array(["north"] * 800 + ["south"] * 390 + ["tiny"] * 10)}
STRICT = Serving(resamples=200, confidence=0.95, tolerance=0.01, slice_tolerance=0.03)
MIN_SLICE_ROWS = 50
SOUTH = GROUPS["region"] == "south"


def said(noise: float, rows: np.ndarray | None = None, seed: int = 0) -> Predictions:
    """Say the truth with some noise, in some of the rows only."""
    spoilt = np.ones(ROWS, bool) if rows is None else rows
    rank = TRUTH + np.where(spoilt, np.random.default_rng(seed).normal(0, noise, ROWS), 0)
    positive = 1 / (1 + np.exp(-rank))
    return Predictions(np.column_stack([1 - positive, positive]), TARGET, 0.5)


def against(candidate: Predictions, served: Predictions) -> list[Check]:
    return compare(Judged(Y, GROUPS, candidate), served, "roc_auc", STRICT, MIN_SLICE_ROWS)


def refusing(checks: list[Check]) -> list[str]:
    return [check.name for check in checks if check.refuses]


def test_the_same_model_gains_nothing_and_passes() -> None:
    checks = against(said(0.5), said(0.5))
    assert [check.value for check in checks if check.value is not None] == [0.0, 0.0, 0.0]
    assert refusing(checks) == []


def test_an_equally_good_model_passes() -> None:
    assert refusing(against(said(0.3, seed=1), said(0.3, seed=2))) == []


def test_a_much_better_model_passes() -> None:
    assert refusing(against(said(0.0), said(3.0))) == []


def test_a_sudden_drop_is_vetoed_as_a_whole() -> None:
    assert "serving: roc_auc, gain at best" in refusing(against(said(3.0), said(0.0)))


def test_the_collapse_of_one_slice_is_vetoed_and_the_slice_is_named() -> None:
    assert "region south: serving: roc_auc, gain at best" in refusing(
        against(said(9.0, SOUTH), said(0.0))
    )


def test_a_drop_within_the_tolerance_is_let_pass() -> None:
    lenient = STRICT.model_copy(update=WIDE)
    checks = compare(Judged(Y, GROUPS, said(3.0)), said(0.0), "roc_auc", lenient, MIN_SLICE_ROWS)
    assert refusing(checks) == []


WIDE = {"tolerance": 0.5, "slice_tolerance": 0.5}


def test_of_an_error_less_is_a_gain() -> None:
    checks = compare(Judged(Y, GROUPS, said(3.0)), said(0.0), "log_loss", STRICT, MIN_SLICE_ROWS)
    assert "serving: log_loss, gain at best" in refusing(checks)


def test_a_slice_too_small_is_named_and_is_no_pass() -> None:
    small = against(said(0.5), said(0.5))[-1]
    assert (small.outcome, small.passed) == ("insufficient data", False)
    assert "tiny" in small.note


def test_rows_of_one_class_are_insufficient() -> None:
    one = Judged(np.ones(ROWS, int), {}, said(0.5))
    checks = compare(one, said(0.5), "roc_auc", STRICT, MIN_SLICE_ROWS)
    assert checks[0].outcome == "insufficient data"


def test_a_resample_draws_with_replacement_and_others_each_time() -> None:
    drawn = [counts.tolist() for counts in draws(20, 3)]
    assert [sum(counts) for counts in drawn] == [20, 20, 20]
    assert len({tuple(counts) for counts in drawn} | {(1,) * 20}) == 4
    assert drawn == [counts.tolist() for counts in draws(20, 3)]


ABOUT: dict[str, Any] = {"version": "1", "sha256": "1", "schema_hash": "a", "code_hash": "b"}
CANDIDATE = ABOUT | {"version": "2", "sha256": "2"}
REASONS: list[tuple[dict[str, Any] | None, str]] = [
    (None, "no other model is in service"),
    (CANDIDATE, "no other model is in service"),
    (ABOUT, ""),
    (ABOUT | {"schema_hash": "c"}, "schema.py changed since model 1 was trained"),
    (ABOUT | {"code_hash": "c"}, "features/build.py changed since model 1 was trained"),
]


@pytest.mark.parametrize(("served", "reason"), REASONS)
def test_a_model_that_cannot_be_compared_is_named_with_the_reason(
    served: dict[str, Any] | None, reason: str
) -> None:
    assert why_not(served, CANDIDATE) == reason


def test_a_fresh_project_has_no_model_in_service(tmp_path: Path) -> None:
    assert read_served(tmp_path) is None
