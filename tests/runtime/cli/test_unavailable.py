"""A command that a project has not chosen says what brings it; outside of one, where to go."""

from pathlib import Path

import pytest
from modelyard.choices import Choices
from modelyard.cli.components import PARTS

from tests.runtime.cli.command_runner import ask, run

UPDATE = "uvx copier update --defaults --vcs-ref=:current: --data"
OF_LEVELS = [(name, part.level) for part in PARTS for name in part.commands if part.level > 1]
OF_TARGETS = [("serve", "rest"), ("monitor", "rest"), ("score", "batch"), ("bundle", "edge")]
OTHER = {"rest": "edge", "batch": "rest", "edge": "rest"}


@pytest.mark.parametrize(("name", "level"), OF_LEVELS)
def test_below_its_level_a_command_says_which_level_brings_it_and_how(
    name: str, level: int
) -> None:
    asked = ask(name, "--any", "words", choices=Choices(level - 1, ("rest",), "dvclive"))
    assert asked.exit_code == 1
    assert asked.output == (
        f"error: modelyard {name} comes with automation level {level}, this project has level "
        f"{level - 1}; raise it: {UPDATE} automation_level={level}\n"
    )


@pytest.mark.parametrize(("name", "target"), OF_TARGETS)
def test_without_its_target_a_command_says_how_to_add_it(name: str, target: str) -> None:
    asked = ask(name, "--any", "words", choices=Choices(1, (OTHER[target],), "dvclive"))
    assert asked.exit_code == 1
    assert asked.output == (
        f"error: modelyard {name} comes with the target {target}, this project has "
        f"{OTHER[target]}; add it: {UPDATE} 'serving_targets=[{OTHER[target]}, {target}]'\n"
    )


@pytest.mark.parametrize("name", [name for part in PARTS for name in part.commands])
def test_outside_of_a_project_a_command_says_where_it_works(name: str) -> None:
    asked = ask(name, "--any", "words", choices=None)
    assert asked.exit_code == 1
    assert asked.output == (
        f"error: modelyard {name} works in a project: cd PROJECT, then uv run modelyard {name}\n"
    )


def test_help_does_not_list_what_is_not_there() -> None:
    shown = ask("--help", choices=Choices(1, ("rest",), "dvclive")).output
    assert " monitor " in shown
    assert [name for name, _ in OF_LEVELS if f" {name} " in shown] == []


@pytest.mark.parametrize("name", ["new", "check", "update", "adopt", "comply", "fleet"])
def test_what_looks_after_projects_says_how_it_is_run(name: str) -> None:
    asked = ask(name, "--any", "words")
    assert asked.exit_code == 1
    assert asked.output.startswith("error: run it outside of the project: uvx --from '")
    assert asked.output.endswith(f"[lifecycle]' modelyard {name}\n")


def test_the_level_and_targets_are_read_where_the_command_starts(workspace: Path) -> None:
    file = workspace / "pyproject.toml"
    text = file.read_text("utf-8").replace("level = 3", "level = 1")
    file.write_text(text, "utf-8")
    done = run("register", folder=workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert "register comes with automation level 2, this project has level 1" in done.stderr
