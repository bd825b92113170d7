"""Checks of `features/build.py`: the features of a row depend on nothing but the row."""

import subprocess
import sys
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from ..console import listed
from ..data.read import read_table
from ..features.spec import KnownColumns, matrix, names
from ..features.table import feature_table
from ..places import FEATURES
from ..project import Project
from ..serving.predictor import Row, to_rows

Features = dict[str, np.ndarray]
ALLOWED = {"numpy", "modelyard"}
IMPORTED = """
import sys
import numpy
before = set(sys.modules)
import {0}.features.build
import {0}.schema
new = [name.partition(".")[0] for name in sys.modules if name not in before]
print(*dict.fromkeys(new))
"""


def features_of(project: Project, rows: Sequence[Row]) -> Features:
    """Compute the features of rows in the format of a request."""
    return project.build(KnownColumns(to_rows(rows, project.schema)))


def check_case(project: Project, row: Row, expected: Mapping[str, float]) -> None:
    """Check the values of some features of a row, to within 1e-6."""
    found = features_of(project, [row])
    for name, value in expected.items():
        assert name in found, f"features/build.py returns no feature {name}"
        actual = float(found[name][0])
        message = f"features/build.py: {name} is {actual}, expected is {value}"
        assert abs(actual - value) <= 1e-6, message


def check_missing(project: Project, row: Row, column: str, feature: str) -> None:
    """Check that a feature is missing when its column is missing."""
    found = features_of(project, [dict(row) | {column: None}])[feature][0]
    assert np.isnan(found), f"features/build.py: {feature} is {found} for a row without {column}"


def check_shapes(project: Project, rows: Sequence[Row]) -> None:
    """Check that each feature has one number per row, also for one row and for none."""
    expected = names(project.schema, project.build)
    for count in (len(rows), 1, 0):
        matrix(to_rows(rows[:count], project.schema), expected, project.build)


def check_names(project: Project) -> None:
    """Check that there are features, and that none has the name of the target."""
    found = names(project.schema, project.build)
    assert found, "features/build.py returns no feature"
    both = sorted({"target", project.schema.target.name} & {*found})
    assert not both, f"features/build.py: feature {listed(both)} has the name of the target"


def check_alone(project: Project, rows: Sequence[Row]) -> None:
    """Check that a row has the same features alone, with other rows and in another order."""
    message = "features/build.py: a row's features depend on other rows"
    for others in (rows, rows[::-1]):
        together = features_of(project, others)
        for index, row in enumerate(others):
            alone = features_of(project, [row])
            own = {name: values[index : index + 1] for name, values in together.items()}
            np.testing.assert_equal(own, alone, message)


def check_column_order(project: Project, rows: Sequence[Row]) -> None:
    """Check that the features do not depend on the order of the columns."""
    columns = to_rows(rows, project.schema)
    backwards = {name: columns[name] for name in reversed(columns)}
    message = "features/build.py: the features depend on the order of the columns"
    found, features = project.build(backwards), project.build(columns)
    assert [*found] == [*features], f"{message}: {listed([*found])}"
    np.testing.assert_equal(found, features, message)


def check_pure(project: Project, rows: Sequence[Row]) -> None:
    """Check that `build` neither changes the rows nor keeps state between two calls."""
    columns, untouched = (to_rows(rows, project.schema) for _ in range(2))
    first = {name: np.array(values) for name, values in project.build(columns).items()}
    np.testing.assert_equal(columns, untouched, "features/build.py changes the rows")
    features_of(project, rows[1:])
    again = project.build(columns)
    np.testing.assert_equal(again, first, "features/build.py keeps state between two calls")


def check_imports(project: Project) -> None:
    """Check that features and schema import only the standard library and NumPy."""
    command = [sys.executable, "-c", IMPORTED.format(project.package)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"features/build.py cannot be imported alone: {done.stderr}"
    allowed = ALLOWED | {project.package} | sys.stdlib_module_names
    more = [name for name in done.stdout.split() if name not in allowed and name[0] != "_"]
    assert not more, f"features/build.py or schema.py imports {listed(more)}, allowed is NumPy"


def check_table(project: Project, rows: pl.DataFrame, name: str) -> None:
    """Check that a feature table is up to date with the code and the rows."""
    table = read_table(FEATURES / f"{name}.parquet")
    expected = names(project.schema, project.build)
    expected_table = feature_table(rows, project.schema, project.build, expected)
    message = f"features/{name}.parquet is out of date with features/build.py; run: dvc repro"
    assert table.columns == expected_table.columns, f"{message}: it has {listed(table.columns)}"
    np.testing.assert_equal(
        {one: table[one].to_numpy() for one in table.columns},
        {one: expected_table[one].to_numpy() for one in expected_table.columns},
        message,
    )
