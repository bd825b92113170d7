"""A project for a table: which options belong together, and the names of its package and texts."""

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from modelyard_lifecycle.draft.wish import Wish
from modelyard_lifecycle.errors import UserError
from modelyard_lifecycle.new import copy_template
from modelyard_lifecycle.new_from_table import Table, split_table, suggested_answers
from modelyard_lifecycle.project import read_answers
from tests.checkout import ROOT

PAIRS = ["automation_level=2", "project_name=Churn"]


def test_answers_and_table_are_separated() -> None:
    found, pairs = split_table([*PAIRS, "customers.csv"], "churn", "id", None)
    assert found == Table(Path("customers.csv"), Wish("churn", "id", None))
    assert pairs == PAIRS


def test_without_a_target_all_are_answers() -> None:
    assert split_table(PAIRS, None, None, None) == (None, PAIRS)


def test_a_file_whose_name_has_an_equals_sign_is_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("year=2024.csv").touch()
    found, pairs = split_table(["year=2024.csv"], "churn", None, None)
    assert (found and found.path, pairs) == (Path("year=2024.csv"), [])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (([], None, "id", None), "--key and --time need --data TABLE and --target NAME"),
        (([], None, None, "day"), "--key and --time need --data TABLE and --target NAME"),
        ((PAIRS, "churn", None, None), "--target needs one table, --data TABLE; found: none"),
        ((["a.csv", "b.csv"], "churn", None, None), "found: a.csv, b.csv"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: Any, message: str) -> None:
    with pytest.raises(UserError, match=message):
        split_table(*options)


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("churn", "Churn"),
        ("late-orders_2024", "Late Orders 2024"),
        ("Überfall-Prognose", "Überfall Prognose"),
        ("x" * 90, "X" + "x" * 59),
    ],
)
def test_the_project_has_the_name_of_its_folder(tmp_path: Path, folder: str, name: str) -> None:
    table = Table(Path("customers.csv"), Wish("left"))
    found = suggested_answers(table, tmp_path / folder)
    assert found == {
        "project_name": name,
        "description": "Predicts left from the columns of customers.csv.",
    }


def test_the_root_folder_has_no_name_so_the_table_gives_it() -> None:
    found = suggested_answers(Table(Path("data/customers.csv"), Wish("left")), Path("/"))
    assert found["project_name"] == "Customers"


def test_a_folder_without_letters_gives_no_name(tmp_path: Path) -> None:
    found = suggested_answers(Table(Path("a.csv"), Wish("left")), tmp_path / "---")
    assert "project_name" not in found


def test_a_long_description_is_cut() -> None:
    found = suggested_answers(Table(Path("a.csv"), Wish("left\n" * 99)), Path("churn"))
    assert len(found["description"]) <= 200
    assert "\n" not in found["description"]


def answers_of(folder: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Create a project with the suggested answers; return the recorded ones."""
    table = Table(Path("customers.csv"), Wish("left"))
    suggested = suggested_answers(table, folder)
    copy_template(str(ROOT), folder, given, "HEAD", True, Console(quiet=True), suggested=suggested)
    return dict(read_answers(folder / ".copier-answers.yml"))


def test_the_package_is_named_by_the_folder_unless_its_name_is_given(tmp_path: Path) -> None:
    found = answers_of(tmp_path / "late-orders", {})
    assert (found["project_name"], found["package_name"]) == ("Late Orders", "late_orders")
    readme = (tmp_path / "late-orders" / "README.md").read_text("utf-8")
    assert readme.startswith("# Late Orders\n\nPredicts left from the columns of customers.csv.\n")
    found = answers_of(tmp_path / "other", {"project_name": "Mine"})
    assert found["package_name"] == "mine"
