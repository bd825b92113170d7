"""The features: what they are for some rows, and that they come from nothing but the row."""

import pytest
from modelyard.features.spec import names
from modelyard.models.dataset import read_dataset
from modelyard.project import Project
from modelyard.testing import features
from modelyard.testing.data import Prepared
from modelyard.testing.leakage import check_no_leak

from examples import FEATURE_CASES, MISSING_CASES, ROWS, Row


@pytest.mark.parametrize(("change", "expected"), FEATURE_CASES)
def test_a_feature_is_what_the_row_says(
    project: Project, change: Row, expected: dict[str, float]
) -> None:
    features.check_case(project, ROWS[0] | change, expected)


def test_a_missing_value_stays_missing(project: Project) -> None:
    for column, feature in MISSING_CASES:
        features.check_missing(project, ROWS[0], column, feature)


def test_every_feature_is_one_number_for_each_row(project: Project) -> None:
    features.check_shapes(project, ROWS)


def test_no_feature_is_named_as_the_target(project: Project) -> None:
    features.check_names(project)


def test_a_row_has_the_same_features_alone_and_among_others(project: Project) -> None:
    features.check_alone(project, ROWS)


def test_the_order_of_the_columns_does_not_matter(project: Project) -> None:
    features.check_column_order(project, ROWS)


def test_nothing_is_changed_and_nothing_is_kept(project: Project) -> None:
    features.check_pure(project, ROWS)


def test_features_need_nothing_but_numpy(project: Project) -> None:
    features.check_imports(project)


@pytest.mark.parametrize("name", ["train", "validation"])
def test_the_tables_are_what_the_code_makes_of_the_rows(
    project: Project, prepared: Prepared, name: str
) -> None:
    features.check_table(project, prepared.parts[name], name)


def test_no_feature_alone_tells_the_target(project: Project, prepared: Prepared) -> None:
    train, validation = (read_dataset(name, project.schema) for name in ("train", "validation"))
    expected = names(project.schema, project.build)
    check_no_leak(train, validation, expected, project.schema.target.task)
