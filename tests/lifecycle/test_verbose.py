"""--verbose shows all output of git, Copier and other programs; an error that cuts it says so."""

import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from modelyard_lifecycle.errors import UserError
from modelyard_lifecycle.git import error_message
from modelyard_lifecycle.render import calling_copier
from modelyard_lifecycle.verbose import HINT, line_of, show
from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard

FAILED = CompletedProcess(["git"], 128, b"", b"warning: one\nfatal: two\nhint: three\n")


@pytest.fixture
def gone(child: Path) -> Path:
    """A project whose template cannot be reached."""
    answers = child / ".copier-answers.yml"
    text = answers.read_text("utf-8")
    source = text.split("_src_path: ", 1)[1].split("\n", 1)[0]
    answers.write_text(text.replace(source, f"{child.parent}/gone"), "utf-8")
    commit(child, "Gone")
    return child


@pytest.mark.parametrize(
    "words", [["check"], ["update"], ["update", "--branch", "b"], ["fleet", "report"],
              ["fleet", "update"]],
)  # fmt: skip
def test_all_output_is_shown(modelyard: Modelyard, gone: Path, words: list[str]) -> None:
    short = modelyard(*words, gone)
    assert f"does not appear to be a git repository; {HINT}" in short.stdout + short.stderr
    assert "Please make sure you have the correct access rights" not in short.stderr
    long = modelyard(*words, gone, "--verbose")
    assert long.returncode == short.returncode
    assert "$ git ls-remote" in long.stderr
    assert "Please make sure you have the correct access rights" in long.stderr
    assert HINT not in long.stdout + long.stderr


def test_output_of_copier_is_shown_and_the_result_is_the_same(
    modelyard: Modelyard, child: Path
) -> None:
    before = modelyard("check", child)
    done = modelyard("check", child, "--verbose")
    assert (done.returncode, done.stdout) == (before.returncode, before.stdout)
    assert before.stderr == ""
    assert "Copying from template version" in done.stderr


def test_the_environment_can_ask_for_it(
    modelyard: Modelyard, child: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value, shown in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("MODELYARD_VERBOSE", value)
        assert ("$ git" in modelyard("check", child).stderr) == shown


def test_the_json_stays_whole(modelyard: Modelyard, child: Path) -> None:
    assert modelyard("check", child, "--json", "--verbose").stdout.startswith("{\n")


def test_the_hint_is_given_only_for_what_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    assert error_message(FAILED) == f"fatal: two; {HINT}"
    assert line_of("fatal: two\n\n", "fatal: two") == "fatal: two"
    monkeypatch.setenv("MODELYARD_VERBOSE", "1")
    assert error_message(FAILED) == "fatal: two"


def test_a_failure_of_copier_is_shown_with_its_origin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for value in ("0", "1"):
        monkeypatch.setenv("MODELYARD_VERBOSE", value)
        with pytest.raises(UserError), calling_copier("t"):
            raise ValueError("one\ntwo")
        assert ("ValueError: one\ntwo" in capsys.readouterr().err) == (value == "1")


def test_no_credentials_are_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODELYARD_VERBOSE", "1")
    show("$ git push https://TOKEN@host.example.invalid/a.git\n")
    assert capsys.readouterr().err == "$ git push https://host.example.invalid/a.git\n"


@pytest.mark.skipif(os.name == "nt", reason="uv is a shell script here")
def test_the_output_of_uv_is_shown(
    modelyard: Modelyard, child: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (child / "pyproject.toml").write_text("[project]\n", "utf-8")
    (child / "uv.lock").write_text("", "utf-8")
    commit(child, "A lock")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "uv").write_text("#!/bin/sh\necho reason; echo; echo last; exit 1\n", "utf-8")
    (tools / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    short = modelyard("update", child, "--test")
    assert f"fail: last; {HINT}" in short.stderr
    assert "reason\n" not in short.stderr
    git(child, "worktree", "remove", "--force", "../project-modelyard-v2.0.0")
    git(child, "branch", "--quiet", "-D", "modelyard-v2.0.0")
    long = modelyard("update", child, "--test", "--verbose")
    assert "$ uv run pytest" in long.stderr
    assert "\nreason\n" in long.stderr
