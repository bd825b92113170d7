"""The model learns, predicts known cases, and is exported without a change of scores."""

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


def test_loss_decreases_with_rounds(training: Training) -> None:
    learning.check_loss_falls(training)


def test_model_overfits_a_few_rows(training: Training) -> None:
    learning.check_learns_by_heart(training)


def test_candidate_is_better_than_chance(training: Training) -> None:
    learning.check_labels_count(training)


def test_shuffled_labels_give_chance_level(training: Training) -> None:
    learning.check_shuffled_labels(training)


def test_baseline_is_better_than_chance(training: Training) -> None:
    learning.check_baseline(training)


def test_baseline_does_not_depend_on_units(training: Training) -> None:
    learning.check_units(training)


def test_resumed_training_gives_the_same_model(training: Training) -> None:
    learning.check_resumes(training)


def test_training_is_reproducible(project: Project, small: Path, tmp_path: Path) -> None:
    check_reproducible(project, small, tmp_path)


@pytest.mark.parametrize("change", SAME)
def test_irrelevant_change_keeps_the_scores(
    candidate: Predictor, real_rows: Rows, change: Row
) -> None:
    behaviour.check_same(candidate, real_rows, change)


@pytest.mark.parametrize(("change", "raised"), RAISES)
def test_relevant_change_raises_the_mean_score(
    candidate: Predictor, real_rows: Rows, change: Row, raised: str
) -> None:
    behaviour.check_raises(candidate, real_rows, change, raised)


@pytest.mark.parametrize(("row", "expected"), CLEAR_CASES)
def test_clear_case_is_predicted_correctly(
    candidate: Predictor, prepared: Prepared, row: Row, expected: Any
) -> None:
    behaviour.check_clear_case(candidate, row, expected, prepared.parts["train"])


def test_scores_are_finite_and_not_constant(candidate: Predictor, real_rows: Rows) -> None:
    behaviour.check_scores(candidate, real_rows)


@pytest.mark.parametrize("name", ["baseline", "candidate"])
def test_exported_model_has_the_scores_of_the_library(
    project: Project, params: Params, prepared: Prepared, name: str
) -> None:
    parity.check_library(project, params, prepared.parts["validation"], name)


def test_served_model_has_the_scores_of_the_exported_model(
    candidate: Predictor, project: Project, params: Params, prepared: Prepared
) -> None:
    parity.check_served(candidate, project, params, prepared.parts["validation"])


def test_request_and_table_give_the_same_features(project: Project, prepared: Prepared) -> None:
    parity.check_request_and_table(project.schema, prepared.parts["validation"].head(200))


def test_scores_do_not_depend_on_batch_size_and_order(
    candidate: Predictor, real_rows: Rows
) -> None:
    parity.check_batches(candidate, real_rows, [1, 7, 64])
