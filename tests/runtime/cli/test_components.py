"""Errors of unavailable commands, with the remedy."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

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
    assert result.output.endswith(f"[lifecycle] @ git+URL' modelyard {name}\n")


GIT = "modelyard[lifecycle] @ git+"
SOURCES = {  # address and version that Copier recorded, what uvx gets
    ("https://YOUR-HOST/t.git", "v1.3.0"): f"{GIT}https://YOUR-HOST/t.git@v1.3.0",
    ("https://YOUR-HOST/t.git", "v1.3.0-5-gabcdef"): f"{GIT}https://YOUR-HOST/t.git@abcdef",
    ("git+https://YOUR-HOST/t.git", "'1234567'"): f"{GIT}https://YOUR-HOST/t.git@1234567",
    ("git@YOUR-HOST:us/t.git", "v1.3.0"): f"{GIT}ssh://git@YOUR-HOST/us/t.git@v1.3.0",
    ("gh:us/t", "v1.3.0"): f"{GIT}https://github.com/us/t@v1.3.0",
    ("https://YOUR-HOST/t.git", ""): f"{GIT}https://YOUR-HOST/t.git",
}


@pytest.fixture
def uvx(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The commands that are run by uvx, which ends with 7; the version exists."""
    calls: list[list[str]] = []

    def call(command: list[str], **options: Any) -> int:
        calls.append(command)
        return 7

    found = subprocess.CompletedProcess([], 0)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(subprocess, "run", lambda *words, **options: found)
    return calls


def record(source: str, version: str = "") -> None:
    """Write an answers file."""
    lines = [f"_commit: {version}", f"_src_path: {source}"]
    Path(".copier-answers.yml").write_text("\n".join(lines[not version :]) + "\n", "utf-8")


@pytest.mark.parametrize(("recorded", "source"), SOURCES.items())
def test_draft_runs_the_recorded_version_by_uvx(
    uvx: list[list[str]], recorded: tuple[str, str], source: str
) -> None:
    record(*recorded)
    assert invoke("draft", "a.csv", "--target", "y").exit_code == 7
    assert uvx == [["uvx", "--from", source, "modelyard", "draft", "a.csv", "--target", "y"]]


def test_doctor_runs_the_recorded_version_of_a_folder(uvx: list[list[str]], tmp_path: Path) -> None:
    folder = tmp_path / "our template"
    folder.mkdir()
    record(str(folder), "v1.3.0-5-gabcdef")
    result = invoke("doctor", "--json")
    source = f"{GIT}{folder.as_uri()}@abcdef"
    assert uvx == [["uvx", "--from", source, "modelyard", "doctor", "--json"]]
    assert "%20" in source
    assert result.stdout == ""
    assert result.stderr == f"> uvx --from '{source}' modelyard doctor --json\n"


def test_a_version_that_cannot_be_fetched_is_named_with_the_remedy(
    uvx: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    record("https://YOUR-HOST/t.git", "v9.9.9")
    missing = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(subprocess, "run", lambda *words, **options: missing)
    result = invoke("doctor")
    assert result.exit_code == 1
    assert result.output.endswith(
        "error: the project's version of its template is not to be had; run: uvx copier update, "
        f"or uvx --from '{GIT}https://YOUR-HOST/t.git' modelyard doctor …\n"
    )


@pytest.mark.parametrize("name", ["draft", "doctor"])
def test_without_uvx_the_line_is_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    result = invoke(name, "a.csv")
    assert result.exit_code == 1
    assert result.output.endswith(f"modelyard[lifecycle] @ git+URL' modelyard {name}\n")


def test_choices_are_read_from_the_working_folder(workspace: Path) -> None:
    file = workspace / "pyproject.toml"
    text = file.read_text("utf-8").replace("level = 3", "level = 1")
    file.write_text(text, "utf-8")
    done = run_process("register", folder=workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert "register requires automation level 2, this project has level 1" in done.stderr
