import sys
from pathlib import Path

import numpy as np
import pytest
from flight_delays.features.build import build
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.features import spec
from modelyard.features.source import code_hash
from modelyard.files import read_json
from modelyard.places import FEATURES
from modelyard.schema.columns import Rows

ROWS: Rows = {"price": np.array([1.5, np.nan]), "paid": np.array([True, False])}


def two(rows: Rows) -> dict[str, np.ndarray]:
    return {"price": rows["price"], "paid": rows["paid"]}


def test_the_matrix_has_a_line_for_each_row_and_the_features_in_order() -> None:
    made = spec.matrix(ROWS, ["price", "paid"], two)
    np.testing.assert_array_equal(made, np.array([[1.5, 1], [np.nan, 0]], np.float32))
    assert made.dtype == np.float32
    assert made.flags.c_contiguous


def test_a_column_that_the_schema_has_not_is_named_with_those_it_has() -> None:
    message = r"features/build\.py reads column cost, schema\.py has price, paid"
    with pytest.raises(UserError, match=message):
        spec.matrix(ROWS, ["price"], lambda rows: {"price": rows["cost"]})


DIFFERENT: list[tuple[list[str], str]] = [
    (["paid", "price"], "features in another order than the model expects"),
    (["price"], r"unknown features \['paid'\] and lacks -"),
    (["price", "paid", "age"], r"unknown features - and lacks \['age'\]"),
]


@pytest.mark.parametrize(("expected", "message"), DIFFERENT)
def test_other_features_than_the_models_are_named(expected: list[str], message: str) -> None:
    with pytest.raises(UserError, match=rf"features/build\.py returns {message}; run: dvc repro"):
        spec.matrix(ROWS, expected, two)


@pytest.mark.parametrize("values", [np.array(["a", "b"]), np.array([1.0, 2.0, 3.0])])
def test_a_feature_that_is_not_one_number_for_each_row_is_named(values: np.ndarray) -> None:
    with pytest.raises(UserError, match=r"features/build\.py: odd \(.*\): allowed is an array of"):
        spec.matrix(ROWS, ["price", "odd"], lambda rows: {"price": rows["price"], "odd": values})


def test_the_hash_of_the_code_changes_with_it_but_not_with_the_kind_of_line_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "build.py"
    monkeypatch.setattr(sys.modules[build.__module__], "__file__", str(file))
    hashes = []
    for source in (b"a = 1\nb = 2\n", b"a = 1\r\nb = 2\r\n", b"a = 1\nb = 3\n"):
        file.write_bytes(source)
        hashes.append(code_hash(build))
    assert hashes[0] == hashes[1] != hashes[2]


def test_the_specs_features_are_those_that_the_code_makes() -> None:
    written = read_json(FEATURES / "spec.json", "run: dvc repro")
    assert written["features"] == spec.names(SCHEMA, build)
    assert (written["schema_hash"], written["code_hash"]) == (SCHEMA.hash, code_hash(build))


def test_features_have_names_of_their_own_and_none_is_the_target() -> None:
    names = spec.names(SCHEMA, build)
    assert len(names) == len(set(names)) >= 1
    assert {"target", SCHEMA.target.name} & set(names) == set()
