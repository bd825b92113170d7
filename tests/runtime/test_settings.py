"""Settings from environment variables."""

from datetime import date
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.settings import Settings

from tests.runtime import example


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.read({}) == Settings()


def test_an_empty_variable_leaves_the_default() -> None:
    assert Settings.read({"MODEL_DIR": " ", "AS_OF": ""}) == Settings()


def test_variables_become_settings_of_their_types() -> None:
    found = {"MODEL_DIR": "/srv/model", "AS_OF": "2013-10-01", "UNRELATED": "x"}
    assert Settings.read(found) == Settings(Path("/srv/model"), date(2013, 10, 1))


def test_a_wrong_value_is_refused_by_the_variables_name() -> None:
    with pytest.raises(UserError, match=r"^AS_OF is '2013-02-30', allowed is a day"):
        Settings.read({"AS_OF": "2013-02-30"})


def test_the_example_file_names_every_variable_with_its_default() -> None:
    lines = (example.TEMPLATE / ".env.example.jinja").read_text("utf-8").splitlines()
    shown = dict(line.lstrip("# ").split("=", 1) for line in lines if "=" in line)
    assert {name.upper() for name in Settings.__dataclass_fields__} <= set(shown)
    assert Settings.read({k: v for k, v in shown.items() if k != "AS_OF"}) == Settings()
