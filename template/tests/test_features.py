"""Features have the expected values, and depend only on their row."""

import pytest
from modelyard.features.spec import names
from modelyard.models.dataset import read_dataset
from modelyard.project import Project
from modelyard.testing import features
from modelyard.testing.data import Prepared
from modelyard.testing.leakage import check_no_leak

from examples import FEATURE_CASES, MISSING_CASES, ROWS, Row


@pytest.mark.parametrize(("change", "expected"), FEATURE_CASES)
def test_features_have_the_expected_values(
    project: Project, change: Row, expected: dict[str, float]
) -> None:
    features.check_case(project, ROWS[0] | change, expected)


def test_missing_values_stay_missing(project: Project) -> None:
    for column, feature in MISSING_CASES:
        features.check_missing(project, ROWS[0], column, feature)


def test_features_are_one_number_per_row(project: Project) -> None:
    features.check_shapes(project, ROWS)


def test_no_feature_has_the_name_of_the_target(project: Project) -> None:
    features.check_names(project)


def test_features_of_a_row_do_not_depend_on_other_rows(project: Project) -> None:
    features.check_alone(project, ROWS)


def test_features_do_not_depend_on_the_column_order(project: Project) -> None:
    features.check_column_order(project, ROWS)


def test_build_is_stateless(project: Project) -> None:
    features.check_pure(project, ROWS)


def test_features_import_only_numpy(project: Project) -> None:
    features.check_imports(project)


@pytest.mark.parametrize("name", ["train", "validation"])
def test_feature_tables_are_up_to_date(project: Project, prepared: Prepared, name: str) -> None:
    features.check_table(project, prepared.parts[name], name)


def test_no_feature_leaks_the_target(project: Project, prepared: Prepared) -> None:
    train, validation = (read_dataset(name, project.schema) for name in ("train", "validation"))
    expected = names(project.schema, project.build)
    check_no_leak(train, validation, expected, project.schema.target.task)
