"""The lines of the changelog are whole, and grouped by release."""

from pathlib import Path

from modelyard_lifecycle.changelog import added_entries
from tests.checkout import commit
from tests.lifecycle.conftest import Modelyard

NEW = """\
# Changelog

## 3.0.0

- A long entry
  over two lines,
and a third
  - below it

### Fixes

1. A number
- **Renamed** `a` → `b`,
  for a reason

## 2.0.0

A paragraph
of two lines.

- Fixes
- **Dropped** `c`

## 1.0.0

- Fixes
"""
OLD = "# Changelog\n\n## Unreleased\n\n- **Dropped** `c`\n\n## 1.0.0\n\n- Fixes\n"


def test_entries_are_whole_and_below_their_release() -> None:
    assert added_entries(NEW, OLD) == [
        "## 3.0.0",
        "- **Renamed** `a` → `b`, for a reason",
        "- A long entry over two lines, and a third",
        "  - below it",
        "### Fixes",
        "1. A number",
        "## 2.0.0",
        "A paragraph of two lines.",
        "- Fixes",
    ]


def test_without_an_older_changelog_all_is_new_and_the_same_one_adds_nothing() -> None:
    assert "- **Dropped** `c`" in added_entries(NEW, "")
    assert added_entries(NEW, NEW) == []
    assert added_entries("", OLD) == []


def test_check_and_update_print_the_changelog_by_release(
    modelyard: Modelyard, child: Path, family: Path, tmp_path: Path
) -> None:
    expected = "Changelog:\n  ## 2.0.0\n    - **Renamed** `moved.txt` → `sub/renamed.txt`\n"
    assert expected in modelyard("check", child).stdout
    assert expected in modelyard("update", child).stdout
    commit(child, "Up to date")
    assert "Changelog" not in modelyard("update", child).stdout
