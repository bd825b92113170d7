"""The model: it learns what there is to learn, and says what it should of known cases."""

from pathlib import Path
from typing import Any

import pytest
from modelyard.params import Params
from modelyard.project import Project
from modelyard.serving.predictor import Predictor
from modelyard.testing import behaviour, parity
from modelyard.testing import training as learning
from modelyard.testing.data import Prepared
from modelyard.testing.small import check_reproducible
from modelyard.testing.training import Training

from examples import CLEAR_CASES, RAISES, SAME, Row

Rows = list[Row]


def test_the_loss_falls_as_the_model_grows(training: Training) -> None:
    learning.check_loss_falls(training)


def test_a_few_rows_are_learnt_by_heart(training: Training) -> None:
    learning.check_learns_by_heart(training)


def test_labels_say_more_than_chance(training: Training) -> None:
    learning.check_labels_count(training)


def test_shuffled_labels_say_no_more_than_chance(training: Training) -> None:
    learning.check_shuffled_labels(training)


def test_the_baseline_says_more_than_chance(training: Training) -> None:
    learning.check_baseline(training)


def test_the_unit_of_a_feature_does_not_matter_to_the_baseline(training: Training) -> None:
    learning.check_units(training)


def test_a_stored_model_grows_on_to_the_very_same(training: Training) -> None:
    learning.check_resumes(training)


def test_the_same_rows_give_the_same_model(project: Project, small: Path, tmp_path: Path) -> None:
    check_reproducible(project, small, tmp_path)


@pytest.mark.parametrize("change", SAME)
def test_a_change_that_says_nothing_changes_no_score(
    candidate: Predictor, real_rows: Rows, change: Row
) -> None:
    behaviour.check_same(candidate, real_rows, change)


@pytest.mark.parametrize(("change", "raised"), RAISES)
def test_a_change_for_the_likelier_raises_the_mean_score(
    candidate: Predictor, real_rows: Rows, change: Row, raised: str
) -> None:
    behaviour.check_raises(candidate, real_rows, change, raised)


@pytest.mark.parametrize(("row", "expected"), CLEAR_CASES)
def test_a_clear_case_is_decided_rightly(
    candidate: Predictor, prepared: Prepared, row: Row, expected: Any
) -> None:
    behaviour.check_clear_case(candidate, row, expected, prepared.parts["train"])


def test_scores_are_finite_and_differ(candidate: Predictor, real_rows: Rows) -> None:
    behaviour.check_scores(candidate, real_rows)


@pytest.mark.parametrize("name", ["baseline", "candidate"])
def test_the_exported_model_says_what_the_library_says(
    project: Project, params: Params, prepared: Prepared, name: str
) -> None:
    parity.check_library(project, params, prepared.parts["validation"], name)


def test_the_served_model_is_the_exported_one(
    candidate: Predictor, project: Project, params: Params, prepared: Prepared
) -> None:
    parity.check_served(candidate, project, params, prepared.parts["validation"])


def test_a_row_is_the_same_from_a_request_and_from_a_table(
    project: Project, prepared: Prepared
) -> None:
    parity.check_request_and_table(project.schema, prepared.parts["validation"].head(200))


def test_a_row_scores_the_same_in_batches_of_any_size_and_order(
    candidate: Predictor, real_rows: Rows
) -> None:
    parity.check_batches(candidate, real_rows, [1, 7, 64])
