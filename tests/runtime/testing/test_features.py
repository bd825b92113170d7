import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.data.read import read_table
from modelyard.models.dataset import Dataset, read_dataset
from modelyard.places import PROCESSED
from modelyard.project import Build, Project
from modelyard.schema.columns import Rows
from modelyard.testing import features
from modelyard.testing.leakage import check_no_leak

from examples import FEATURE_CASES, MISSING_CASES, ROWS

Features = dict[str, np.ndarray]
CHECKS: dict[str, Callable[[Project], None]] = {
    "case": lambda project: features.check_case(project, ROWS[0], {"distance_mi": 1134.0}),
    "missing": lambda project: features.check_missing(project, ROWS[0], "seats", "seats"),
    "shapes": lambda project: features.check_shapes(project, ROWS),
    "names": features.check_names,
    "alone": lambda project: features.check_alone(project, ROWS),
    "column_order": lambda project: features.check_column_order(project, ROWS),
    "pure": lambda project: features.check_pure(project, ROWS),
    "table": lambda project: features.check_table(
        project, read_table(PROCESSED / "train.parquet"), "train"
    ),
}


def seats_as(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Build], Build]:
    """Return a feature function with one feature replaced."""
    return lambda build: lambda rows: build(rows) | {"seats": change(rows["seats"])}


def first_seats(build: Build) -> Build:
    return lambda rows: {"seats": rows["seats"], **build(rows)}


def counting(build: Build) -> Build:
    calls: list[int] = []

    def made(rows: Rows) -> Features:
        calls.append(1)
        return build(rows) | {"seats": rows["seats"] + len(calls)}

    return made


def changing(build: Build) -> Build:
    def made(rows: Rows) -> Features:
        rows["seats"] += 1
        return build(rows)

    return made


def in_order_of_columns(build: Build) -> Build:
    return lambda rows: {name: rows[name] for name in rows if rows[name].dtype.kind == "f"}


SPOILT: list[tuple[str, Callable[[Build], Build], str]] = [
    (
        "case",
        lambda build: lambda rows: build(rows) | {"distance_mi": rows["distance_mi"] * 1.6},
        r"^features/build\.py: distance_mi is 1814\.4\d*, expected is 1134\.0$",
    ),
    ("case", lambda build: lambda rows: {"a": rows["seats"]}, r"returns no feature distance_mi$"),
    ("missing", seats_as(np.nan_to_num), r"seats is 0\.0 for a row without seats$"),
    (
        "shapes",
        seats_as(lambda values: values.astype(str)),
        r"seats \(<U32, shape \(3,\)\): allowed is an",
    ),
    (
        "shapes",
        seats_as(lambda values: np.ones(1)),
        r"seats \(float64, shape \(1,\)\): allowed is an arr",
    ),
    (
        "shapes",
        lambda build: lambda rows: build(rows) if len(rows["seats"]) else {"a": rows["seats"]},
        r"features/build\.py returns .* and lacks \['a'\]",
    ),
    ("names", lambda build: lambda rows: {}, r"^features/build\.py returns no feature$"),
    (
        "names",
        lambda build: lambda rows: build(rows) | {"target": rows["seats"]},
        r"feature target has the name of the target$",
    ),
    (
        "alone",
        seats_as(lambda values: values - values.mean()),
        r"key='seats'\nfeatures/build\.py: a row's features depend on other rows\nMismatched",
    ),
    ("column_order", in_order_of_columns, r"the features depend on the order of the columns"),
    ("pure", counting, r"key='seats'\nfeatures/build\.py keeps state between two calls\n"),
    ("pure", changing, r"(?s)key='seats'\nfeatures/build\.py changes the rows\n.*\[0\]: 56\.0"),
    ("table", first_seats, r"^features/train\.parquet is out of date with features/build\.py; run"),
    ("table", seats_as(lambda values: values + 1), r"(?s)key='seats'\n.*dvc repro\nMismatched"),
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_examples_features_pass(check: str, project: Project) -> None:
    CHECKS[check](project)


@pytest.mark.parametrize(("check", "spoil", "message"), SPOILT)
def test_spoilt_features_are_named(
    check: str, spoil: Callable[[Build], Build], message: str, project: Project
) -> None:
    with pytest.raises((AssertionError, UserError), match=message):
        CHECKS[check](replace(project, build=spoil(project.build)))


def test_each_check_has_a_spoilt_case() -> None:
    assert {check for check, *_ in SPOILT} == CHECKS.keys()


@pytest.mark.parametrize(("change", "expected"), FEATURE_CASES)
def test_the_examples_cases_pass(
    change: dict[str, object], expected: dict[str, float], project: Project
) -> None:
    features.check_case(project, ROWS[0] | change, expected)


@pytest.mark.parametrize(("column", "feature"), MISSING_CASES)
def test_what_is_missing_stays_so(column: str, feature: str, project: Project) -> None:
    features.check_missing(project, ROWS[0], column, feature)


@pytest.mark.parametrize("library", ["polars", "sklearn"])
def test_an_import_that_devices_lack_is_named(
    library: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    features.check_imports(project)
    (tmp_path / "heavy" / "features").mkdir(parents=True)
    for file in ("__init__.py", "schema.py", "features/__init__.py"):
        (tmp_path / "heavy" / file).touch()
    (tmp_path / "heavy" / "features" / "build.py").write_text(f"import {library}\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(AssertionError, match=rf"^features/build\.py or .* imports .*{library}"):
        features.check_imports(replace(project, package="heavy"))
    assert "heavy" not in sys.modules


def test_a_leaking_feature_is_named(project: Project) -> None:
    train, validation = (read_dataset(name, project.schema) for name in ("train", "validation"))
    names = [f"feature {place}" for place in range(train.X.shape[1])]
    check_no_leak(train, validation, names, "binary")

    def leaking(rows: Dataset) -> Dataset:
        return Dataset(np.column_stack([rows.X, rows.y * 2.0 + 1]).astype(np.float32), rows.y)

    message = (
        r"^features/build\.py or data/ingest\.py: answer \(1\.000\) predicts the target nearly"
    )
    with pytest.raises(AssertionError, match=message):
        check_no_leak(leaking(train), leaking(validation), [*names, "answer"], "binary")


def test_a_leaking_numeric_feature_is_named() -> None:
    rows = np.random.default_rng(7).normal(size=(400, 2)).astype(np.float32)
    train, validation = (Dataset(part, part[:, 1] * 3) for part in (rows[:300], rows[300:]))
    honest = Dataset(train.X[:, :1], train.y), Dataset(validation.X[:, :1], validation.y)
    check_no_leak(*honest, ["noise"], "regression", greatest=0.9)
    with pytest.raises(AssertionError, match=r"answer \(0\.9\d\d\) predicts the target nearly"):
        check_no_leak(train, validation, ["noise", "answer"], "regression", greatest=0.9)
