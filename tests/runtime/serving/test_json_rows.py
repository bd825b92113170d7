"""Duplicate names in JSON, which tables cannot have, are reported alike by REST and edge."""

import importlib
import json
from pathlib import Path

import pytest
from modelyard.data.violations import DUPLICATED, shorten

from examples import ROWS

TARGETS = ["rest", "edge"]


@pytest.mark.parametrize("name", TARGETS)
def test_a_row_with_a_duplicate_column_is_refused_with_both_values(
    name: str, tmp_path: Path
) -> None:
    row, other = ROWS[:2]
    twice = [json.dumps(row)[:-1] + f', "{one}": {json.dumps(other.get(one))}' + "}" for one in row]
    found = importlib.import_module(f"tests.runtime.{name}_target").violations(twice, tmp_path)
    assert [[(v["column"], v["found"]) for v in one] for one in found] == [
        [(one, shorten({DUPLICATED: [row[one], other.get(one)]}))] for one in row
    ]
