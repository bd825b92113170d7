"""Checks of `features/build.py`, which must make a row's features from nothing but the row."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from ..data.read import read_table
from ..features.spec import Known, matrix, names
from ..features.table import feature_table
from ..places import FEATURES
from ..project import Project
from ..serving.predictor import to_rows
from .assertions import listed, require, require_same_features

Row = Mapping[str, Any]
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
    """Make the features of rows as a client sends them."""
    return project.build(Known(to_rows(rows, project.schema)))


def check_case(project: Project, row: Row, expected: Mapping[str, float]) -> None:
    """Check that some features of a row are what they should be, to within 1e-6."""
    made = features_of(project, [row])
    for name, value in expected.items():
        require(name in made, f"features/build.py makes no feature {name}")
        found = float(made[name][0])
        require(
            abs(found - value) <= 1e-6, f"features/build.py: {name} is {found}, expected is {value}"
        )


def check_missing(project: Project, row: Row, column: str, feature: str) -> None:
    """Check that a feature is missing when its column is: nobody has measured it."""
    found = features_of(project, [dict(row) | {column: None}])[feature][0]
    require(np.isnan(found), f"features/build.py: {feature} is {found} for a row without {column}")


def check_shapes(project: Project, rows: Sequence[Row]) -> None:
    """Check that each feature is one number a row, the same features also for no row."""
    wanted = names(project.schema, project.build)
    for count in (len(rows), 1, 0):
        matrix(to_rows(rows[:count], project.schema), wanted, project.build)


def check_names(project: Project) -> None:
    """Check that there are features, and that none is named as the target."""
    made = names(project.schema, project.build)
    require(made, "features/build.py makes no feature")
    both = sorted({"target", project.schema.target.name} & {*made})
    require(not both, f"features/build.py: feature {listed(both)} is named as the target")


def check_alone(project: Project, rows: Sequence[Row]) -> None:
    """Check that a row has the same features alone, among others and in another order."""
    said = "features/build.py: a row's features depend on other rows"
    for others in (rows, rows[::-1]):
        together = features_of(project, others)
        for place, row in enumerate(others):
            alone = features_of(project, [row])
            own = {name: values[place : place + 1] for name, values in together.items()}
            require_same_features(own, alone, said)


def check_column_order(project: Project, rows: Sequence[Row]) -> None:
    """Check that the order of the columns does not matter."""
    columns = to_rows(rows, project.schema)
    backwards = {name: columns[name] for name in reversed(columns)}
    said = "features/build.py: the features depend on the order of the columns"
    require_same_features(project.build(backwards), project.build(columns), said)


def check_pure(project: Project, rows: Sequence[Row]) -> None:
    """Check that rows are left as they are, and give the same features again after others."""
    columns, untouched = (to_rows(rows, project.schema) for _ in range(2))
    first = {name: np.array(values) for name, values in project.build(columns).items()}
    require_same_features(columns, untouched, "features/build.py changes the rows")
    features_of(project, rows[1:])
    again = project.build(columns)
    require_same_features(again, first, "features/build.py keeps something between two calls")


def check_imports(project: Project) -> None:
    """Check that features and schema import nothing but Python's own modules and NumPy."""
    command = [sys.executable, "-c", IMPORTED.format(project.package)]
    done = subprocess.run(command, capture_output=True, text=True)
    require(done.returncode == 0, f"features/build.py cannot be imported alone: {done.stderr}")
    allowed = ALLOWED | {project.package} | sys.stdlib_module_names
    more = [name for name in done.stdout.split() if name not in allowed and name[0] != "_"]
    require(not more, f"features/build.py or schema.py imports {listed(more)}, allowed is NumPy")


def check_table(project: Project, rows: pl.DataFrame, name: str) -> None:
    """Check that a table of features is what the code makes of the rows and their targets."""
    table = read_table(FEATURES / f"{name}.parquet")
    expected = names(project.schema, project.build)
    made = feature_table(rows, project.schema, project.build, expected)
    said = f"features/{name}.parquet is not what features/build.py makes; run: dvc repro"
    require_same_features(
        {one: table[one].to_numpy() for one in table.columns},
        {one: made[one].to_numpy() for one in made.columns},
        said,
    )
