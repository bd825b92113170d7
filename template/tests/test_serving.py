"""All chosen serving targets accept the same rows and return the same scores."""

from pathlib import Path

import pytest
from modelyard.choices import read_choices
from modelyard.project import Project
from modelyard.serving.predictor import Predictor
from modelyard.testing import targets
from modelyard.testing.targets import Target

from examples import BAD_VALUES, ROWS, Row

CHOSEN = read_choices(Path(__file__).parents[1] / "pyproject.toml").targets


@pytest.fixture(scope="module", params=CHOSEN)
def target(
    request: pytest.FixtureRequest,
    project: Project,
    predictor: Predictor,
    tmp_path_factory: pytest.TempPathFactory,
) -> Target:
    """Return a target with the accepted model."""
    return targets.open_target(request.param, project, tmp_path_factory.mktemp(request.param))


def test_target_has_the_scores_of_the_model(target: Target, predictor: Predictor) -> None:
    targets.check_scores(target, predictor, targets.many_rows(predictor))


def test_unusual_but_valid_row_has_the_score_of_the_model(
    target: Target, predictor: Predictor
) -> None:
    targets.check_kept(target, predictor, ROWS[0])


def test_invalid_row_is_rejected(target: Target, project: Project) -> None:
    targets.check_refused(target, project.schema, ROWS[1], BAD_VALUES)


def test_target_specific_behaviour(
    target: Target, predictor: Predictor, real_rows: list[Row]
) -> None:
    target.check_own(predictor, real_rows)
