"""Errors of unavailable commands, with the remedy."""

import shutil
import subprocess
from pathlib import Path

import pytest
from modelyard.choices import Choices
from modelyard.cli.components import COMPONENTS

from tests.runtime.cli.command_runner import invoke, run_process

UPDATE = "uvx copier update --defaults --vcs-ref=:current: --data"
OF_LEVELS = [(name, one.level) for one in COMPONENTS for name in one.commands if one.level > 1]
OF_TARGETS = [("serve", "rest"), ("monitor", "rest"), ("score", "batch"), ("bundle", "edge")]
OTHER = {"rest": "edge", "batch": "rest", "edge": "rest"}


@pytest.mark.parametrize(("name", "level"), OF_LEVELS)
def test_below_its_level_a_command_names_the_level_and_the_remedy(name: str, level: int) -> None:
    result = invoke(name, "--any", "words", choices=Choices(level - 1, ("rest",), "dvclive"))
    assert result.exit_code == 1
    assert result.output == (
        f"error: modelyard {name} requires automation level {level}, this project has level "
        f"{level - 1}; raise it: {UPDATE} automation_level={level}\n"
    )


@pytest.mark.parametrize(("name", "target"), OF_TARGETS)
def test_without_its_target_a_command_names_the_target_and_the_remedy(
    name: str, target: str
) -> None:
    result = invoke(name, "--any", "words", choices=Choices(1, (OTHER[target],), "dvclive"))
    assert result.exit_code == 1
    assert result.output == (
        f"error: modelyard {name} requires the target {target}, this project has "
        f"{OTHER[target]}; add it: {UPDATE} 'serving_targets=[{OTHER[target]}, {target}]'\n"
    )


@pytest.mark.parametrize("name", [name for component in COMPONENTS for name in component.commands])
def test_outside_of_a_project_a_command_names_the_remedy(name: str) -> None:
    result = invoke(name, "--any", "words", choices=None)
    assert result.exit_code == 1
    assert result.output == (
        f"error: modelyard {name} runs inside a project: cd PROJECT, then uv run modelyard {name}\n"
    )


def test_help_does_not_list_unavailable_commands() -> None:
    help_text = invoke("--help", choices=Choices(1, ("rest",), "dvclive")).output
    assert " monitor " in help_text
    assert [name for name, _ in OF_LEVELS if f" {name} " in help_text] == []


@pytest.mark.parametrize("name", ["new", "check", "update", "adopt", "comply", "fleet"])
def test_a_lifecycle_command_in_a_project_names_the_remedy(name: str) -> None:
    result = invoke(name, "--any", "words")
    assert result.exit_code == 1
    assert result.output.startswith("error: run it outside of the project: uvx --from '")
    assert result.output.endswith(f"[lifecycle]' modelyard {name}\n")


def test_draft_runs_the_lifecycle_package_by_uvx(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".copier-answers.yml").write_text("_src_path: https://YOUR-HOST/t.git\n", "utf-8")
    calls: list[list[str]] = []

    def call(command: list[str]) -> int:
        calls.append(command)
        return 7

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "call", call)
    assert invoke("draft", "a.csv", "--target", "y").exit_code == 7
    source = "git+https://YOUR-HOST/t.git[lifecycle]"
    assert calls == [["uvx", "--from", source, "modelyard", "draft", "a.csv", "--target", "y"]]


def test_without_uvx_draft_prints_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    result = invoke("draft", "a.csv")
    assert result.exit_code == 1
    assert result.output.endswith("[lifecycle]' modelyard draft\n")


def test_choices_are_read_from_the_working_folder(workspace: Path) -> None:
    file = workspace / "pyproject.toml"
    text = file.read_text("utf-8").replace("level = 3", "level = 1")
    file.write_text(text, "utf-8")
    done = run_process("register", folder=workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert "register requires automation level 2, this project has level 1" in done.stderr
