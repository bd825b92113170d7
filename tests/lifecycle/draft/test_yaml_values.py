"""Values of a YAML text are replaced, and the rest of it stays as it is."""

from typing import Any

import pytest
import yaml

from modelyard_lifecycle.draft.yaml_values import replace_values

TEXT = """\
# Settings.

data:
  as_of: '2013-09-01'        # the day
  share: 0.01                # a share; 0 to 1

search:
  space:                     # values to draw from
    rate:
    - 0.04
    - 0.06
    leaves:
    - 4
  trials: 4                  # at least 1
flow: {a: 1, b: [1, 2]}
"""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data", "share"), 0.25),
        (("data", "as_of"), "2024-01-01"),
        (("search", "trials"), 12),
        (("search", "space"), {"rate": [0.1], "leaves": [1, 2]}),
        (("search", "space"), {}),
        (("search", "space", "rate"), [1]),
        (("flow",), {"c": None}),
        (("flow", "b"), [3]),
        (("data", "share"), "a: text # with signs"),
        (("data", "share"), "x" * 200),
        (("data", "share"), None),
    ],
)
def test_only_the_value_changes(path: tuple[str, ...], value: Any) -> None:
    expected = yaml.safe_load(TEXT)
    place = expected
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    found = replace_values(TEXT, {path: value})
    assert yaml.safe_load(found) == expected
    comments = [line.partition("#")[2] for line in TEXT.splitlines() if "#" in line]
    assert all(f"#{comment}" in found for comment in comments)


def test_comments_keep_their_column_if_there_is_room() -> None:
    found = replace_values(TEXT, {("data", "share"): 0.5, ("search", "trials"): 100})
    assert "  share: 0.5                 # a share; 0 to 1\n" in found
    assert "  trials: 100                # at least 1\n" in found


def test_a_block_becomes_one_line_before_its_comment() -> None:
    found = replace_values(TEXT, {("search", "space"): {"rate": [0.1]}})
    assert "  space: {rate: [0.1]}       # values to draw from\n  trials: 4" in found


def test_what_the_text_lacks_is_ignored() -> None:
    assert replace_values(TEXT, {("data", "other"): 1, ("none", "of", "it"): 2}) == TEXT


def test_several_values_are_replaced() -> None:
    found = replace_values(TEXT, {("data", "share"): 1, ("flow", "a"): 2, ("search", "trials"): 3})
    assert yaml.safe_load(found)["search"]["trials"] == 3
    assert yaml.safe_load(found)["flow"]["a"] == 2
