"""Choices made at the project's creation."""

from pathlib import Path

import pytest
from modelyard.choices import Choices, read_choices
from modelyard.console import UserError

GOOD = {"level": "2", "targets": '["rest", "edge"]', "tracker": '"mlflow"'}


def written(folder: Path, **changes: str) -> Path:
    file = folder / "pyproject.toml"
    lines = (f"{name} = {value}\n" for name, value in (GOOD | changes).items())
    file.write_text("[tool.modelyard]\n" + "".join(lines), "utf-8")
    return file


def test_level_targets_and_tracker_are_read(tmp_path: Path) -> None:
    assert read_choices(written(tmp_path)) == Choices(2, ("rest", "edge"), "mlflow")


WRONG = [
    ("level", "0", "0, allowed are 1, 2, 3"),
    ("level", "true", "True, allowed are 1, 2, 3"),
    ("level", '"1"', "'1', allowed are 1, 2, 3"),
    ("level", "[1]", r"\[1\], allowed are 1, 2, 3"),
    ("targets", "[]", r"\[\], allowed are rest, batch, edge"),
    ("targets", '"rest"', "'rest', allowed are rest, batch, edge"),
    ("targets", '["rest", "web"]', r"\['rest', 'web'\], allowed are rest, batch, edge"),
    ("tracker", '"paper"', "'paper', allowed are dvclive, mlflow, wandb"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_another_choice_than_those_allowed_is_named(
    name: str, value: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=rf"pyproject\.toml: tool\.modelyard\.{name} is {message}$"):
        read_choices(written(tmp_path, **{name: value}))


def test_missing_choices_are_reported(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")
    with pytest.raises(UserError, match=r"tool\.modelyard\.level is None, allowed are 1, 2, 3$"):
        read_choices(tmp_path / "pyproject.toml")


def test_a_file_that_is_not_toml_is_reported(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool", "utf-8")
    with pytest.raises(UserError, match=r"pyproject\.toml is not TOML: Expected"):
        read_choices(tmp_path / "pyproject.toml")


def test_a_missing_file_says_where_to_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"does not exist; run this in the project's folder"):
        read_choices(tmp_path / "pyproject.toml")
