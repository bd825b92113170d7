"""Command line of the canary: targets, options, exit codes."""

from contextlib import redirect_stderr
from io import StringIO
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


def run_command(words: str) -> Any:
    """Run a command line; return its exit code, or the message of an error."""
    with redirect_stderr(StringIO()) as errors, pytest.raises(SystemExit) as ended:
        make_app(read_choices())(words.split(), prog_name="modelyard")
    return errors.getvalue().strip() if ended.value.code == 1 else ended.value.code


@pytest.mark.usefixtures("served_by_rest")
@pytest.mark.parametrize(("words", "target"), [(BATCH, "batch"), (EDGE, "edge")])
def test_a_missing_target_is_an_error_with_a_remedy(words: str, target: str) -> None:
    output = run_command(words)
    assert f"canary {target} requires the target {target}, this project has rest" in output
    assert output.endswith(f"'serving_targets=[rest, {target}]'")


@pytest.mark.usefixtures("workspace")
def test_a_candidate_that_does_not_start_is_no_go(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("canary rest --candidate nowhere --serving models") == 20
    assert "canary of rest: no go (exit code 20)" in capsys.readouterr().out
    assert Path("reports/canary/rest.json").exists()


@pytest.mark.usefixtures("workspace")
def test_a_model_compared_with_itself_is_comparable(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("canary rest --candidate models --serving models") in (0, 20)
    output = capsys.readouterr().out
    assert "| agreement of scores" in output
    assert "| service starts" in output


@pytest.mark.parametrize("words", ["--devices devices.txt", "--share 0.05"])
def test_devices_without_a_share_and_a_share_without_devices_are_refused(words: str) -> None:
    assert "--devices and --share must be given together" in run_command(f"{EDGE} {words}")


@pytest.mark.parametrize("share", ["0.5x", "1.5", "-1"])
def test_a_share_outside_of_0_to_1_is_refused(share: str) -> None:
    assert run_command(f"{EDGE} --share {share}") == 2


@pytest.mark.parametrize("command", ["canary rest", "canary batch", "canary edge", "drill"])
def test_each_command_shows_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(f"{command} --help") == 0
    assert f"uv run modelyard {command}" in capsys.readouterr().out
