"""The canary as it is typed: which targets it knows, and with which exit code it ends."""

from pathlib import Path
from typing import Any

import pytest
from modelyard.choices import read_choices
from modelyard.cli.app import make_app

from tests.runtime.example import PYPROJECT

BATCH = "canary batch data scored --candidate models"
EDGE = "canary edge --candidate new --serving old"


@pytest.fixture
def served_by_rest(workspace: Path) -> None:
    """A project whose only target is rest."""
    pyproject = PYPROJECT.replace('["rest", "batch", "edge"]', '["rest"]')
    (workspace / "pyproject.toml").write_text(pyproject, "utf-8")


def typed(words: str) -> Any:
    """Obey a command line; give its exit code, for an error its text."""
    with pytest.raises(SystemExit) as ended:
        make_app(read_choices())(words.split(), prog_name="modelyard")
    return ended.value.code


@pytest.mark.usefixtures("served_by_rest")
@pytest.mark.parametrize(("words", "target"), [(BATCH, "batch"), (EDGE, "edge")])
def test_a_target_that_was_not_chosen_is_named_with_what_brings_it(words: str, target: str) -> None:
    told = typed(words)
    assert f"canary {target} comes with the target {target}, this project has rest" in told
    assert told.endswith(f"'serving_targets=[rest, {target}]'")


@pytest.mark.usefixtures("workspace")
def test_a_candidate_that_cannot_be_served_is_no_go(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("canary rest --candidate nowhere --serving models") == 20
    assert "canary of rest: no go (exit code 20)" in capsys.readouterr().out
    assert Path("reports/canary/rest.json").exists()


@pytest.mark.usefixtures("workspace")
def test_what_serves_may_take_over_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("canary rest --candidate models --serving models") in (0, 20)
    told = capsys.readouterr().out
    assert "| agreement of scores" in told
    assert "| it serves" in told


@pytest.mark.parametrize("words", ["--devices devices.txt", "--share 0.05"])
def test_devices_and_their_share_belong_together(words: str) -> None:
    assert "--devices and --share belong together" in typed(f"{EDGE} {words}")


@pytest.mark.parametrize("share", ["0.5x", "1.5", "-1"])
def test_a_share_is_between_0_and_1(share: str) -> None:
    assert typed(f"{EDGE} --share {share}") == 2


@pytest.mark.parametrize("command", ["canary rest", "canary batch", "canary edge", "drill"])
def test_each_command_shows_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(f"{command} --help") == 0
    assert f"uv run modelyard {command}" in capsys.readouterr().out
