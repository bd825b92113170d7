"""The targets that were chosen: one contract for all, and what each promises besides."""

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
    """A target, with the accepted model."""
    return targets.open_target(request.param, project, tmp_path_factory.mktemp(request.param))


def test_ten_thousand_rows_get_the_models_own_scores(target: Target, predictor: Predictor) -> None:
    targets.check_scores(target, predictor, targets.many_rows(predictor))


def test_a_row_that_keeps_the_schema_in_an_odd_way_gets_the_models_own_score(
    target: Target, predictor: Predictor
) -> None:
    targets.check_kept(target, predictor, ROWS[0])


def test_a_row_that_breaks_the_schema_is_refused_for_the_column_that_does(
    target: Target, project: Project
) -> None:
    targets.check_refused(target, project.schema, ROWS[1], BAD_VALUES)


def test_the_target_keeps_its_own_promises(
    target: Target, predictor: Predictor, real_rows: list[Row]
) -> None:
    target.check_own(predictor, real_rows)
