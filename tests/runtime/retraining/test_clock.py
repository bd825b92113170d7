"""The day in `params.yaml`, changed in place."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from modelyard.console import UserError
from modelyard.params import read_params
from modelyard.retraining.clock import set_day

DAY = date(2031, 2, 3)


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """A copy of the project's own file."""
    return Path(shutil.copy("params.yaml", tmp_path))


def test_one_line_changes_and_there_one_word(params: Path) -> None:
    before = params.read_text("utf-8").splitlines()
    set_day(DAY, params)
    after = params.read_text("utf-8").splitlines()
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(differing) == 1
    assert differing[0][0].split("#")[1:] == differing[0][1].split("#")[1:]
    assert read_params(params).data.as_of == DAY


def test_there_and_back_gives_the_same_bytes(params: Path) -> None:
    was, before = read_params(params).data.as_of, params.read_bytes()
    set_day(was, params)
    plain = params.read_bytes()
    set_day(DAY, params)
    set_day(was, params)
    assert params.read_bytes() == plain
    assert read_params(params).data.as_of == was
    assert len(before.splitlines()) == len(plain.splitlines())


def test_other_days_of_the_same_name_stay(params: Path) -> None:
    params.write_text("x:\n  as_of: 1\n" + params.read_text("utf-8"), "utf-8")
    with pytest.raises(UserError, match="x is"):
        set_day(DAY, params)
    assert params.read_text("utf-8").startswith("x:\n  as_of: 1\n")


def test_a_day_that_is_not_in_a_line_of_its_own_is_refused(params: Path) -> None:
    content = yaml.safe_load(params.read_text("utf-8"))
    params.write_text(yaml.safe_dump(content, default_flow_style=True), "utf-8")
    before = params.read_bytes()
    with pytest.raises(UserError, match=r"write data\.as_of as a line of its own"):
        set_day(DAY, params)
    assert params.read_bytes() == before
