"""What JSON can say and a table cannot, told the same way by each target that reads it."""

import importlib
import json
from pathlib import Path

import pytest
from modelyard.data.violations import TWICE, short

from examples import ROWS

TARGETS = ["rest", "edge"]


@pytest.mark.parametrize("name", TARGETS)
def test_a_row_that_names_a_column_twice_is_refused_with_both_values(
    name: str, tmp_path: Path
) -> None:
    row, other = ROWS[:2]
    twice = [json.dumps(row)[:-1] + f', "{one}": {json.dumps(other.get(one))}' + "}" for one in row]
    found = importlib.import_module(f"tests.runtime.{name}_target").faults(twice, tmp_path)
    assert [[(fault["column"], fault["found"]) for fault in faults] for faults in found] == [
        [(one, short({TWICE: [row[one], other.get(one)]}))] for one in row
    ]
