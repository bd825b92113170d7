"""Tests that Cookiecutter asks Copier's questions and the hook passes the answers on."""

import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git, settings
from tests.template.cookiecutter.hook import context_with, hook
from tools import questions


def test_cookiecutter_asks_the_questions_of_copier_and_the_folder() -> None:
    copiers = [*questions.asked_questions(settings())]
    names = [name for name in context_with() if not name.startswith("_")]
    assert [name for name in names if name != "project_slug"] == copiers
    assert context_with(package_name="tea_time")["project_slug"] == "tea-time"


@pytest.mark.parametrize(
    ("answers", "name", "counts"),
    [
        ({"dvc_remote": "ssh"}, "dvc_remote_url", "True"),
        ({}, "dvc_remote_url", "False"),
        ({"serving_targets": "rest, batch"}, "scale_out", "True"),
        ({"serving_targets": "rest, edge"}, "scale_out", "False"),
    ],
)
def test_an_answer_is_passed_on_if_copier_would_ask_for_it(
    answers: dict[str, str], name: str, counts: str
) -> None:
    given = context_with(**answers)
    assert given[f"__when_{name}"] == counts
    assert (name in hook(given)["answers"]()) == (counts == "True")


@pytest.mark.parametrize(
    "several", ["rest, batch", "[rest, batch]", "rest batch", '["rest","batch"]']
)
def test_a_list_may_be_typed_in_several_ways(several: str) -> None:
    given = context_with(serving_targets=several)
    assert hook(given)["answers"]()["serving_targets"] == ["rest", "batch"]


def test_the_hook_passes_each_text_on_unchanged() -> None:
    text = '\'""" \\n \\u0041 {{ 7 * 7 }} {% raw %} {# \u2028 é \U0001f6eb </script> $(id)'
    given = context_with() | {"description": text}
    assert hook(given)["answers"]()["description"] == text


@pytest.mark.parametrize(
    ("typed_address", "recorded"),
    [
        ("gh:us/modelyard", "gh:us/modelyard"),
        ("git@host.example:us/modelyard.git", "git@host.example:us/modelyard.git"),
        ("https://me:secret@host.example/modelyard.git", "https://host.example/modelyard.git"),
        ("git+https://me@host.example/modelyard", "git+https://host.example/modelyard"),
        ("https://host.example/git/modelyard", "git+https://origin.example/modelyard"),
        ("ours:modelyard", "git+https://origin.example/modelyard"),
    ],
)
def test_a_url_is_recorded_for_copier_and_without_password(
    typed_address: str, recorded: str, tmp_path: Path
) -> None:
    commit(tmp_path, "As cloned")
    git(tmp_path, "remote", "add", "origin", "https://me:secret@origin.example/modelyard")
    context = {"_template": typed_address, "_repo_dir": str(tmp_path), "_output_dir": str(tmp_path)}
    assert hook(context_with() | context)["source"]() == (
        recorded,
        git(tmp_path, "rev-parse", "HEAD").strip(),
    )


def test_a_folder_that_cannot_be_found_is_refused(tmp_path: Path) -> None:
    commit(tmp_path, "As copied")
    context = {"_template": "gone", "_repo_dir": str(tmp_path), "_output_dir": str(tmp_path)}
    names = hook(context_with() | context)
    with pytest.raises(names["Refused"], match="gone cannot be found; type its absolute path"):
        names["source"]()


@pytest.mark.parametrize("output", [".", "made", "made/below"])
def test_a_relative_folder_is_resolved(
    output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PWD", "/")
    for name in ("template", "made/below/template"):
        (tmp_path / name).mkdir(parents=True)
    commit(tmp_path / "template", "As typed")
    commit(tmp_path / "made" / "below" / "template", "Another")
    shutil.copytree(tmp_path / "template", tmp_path / "copied")
    context = {
        "_template": "template",
        "_repo_dir": str(tmp_path / "copied"),
        "_output_dir": str(tmp_path / output),
    }
    assert hook(context_with() | context)["source"]()[0] == str(tmp_path / "template")


@pytest.mark.parametrize(
    ("stderr", "message"),
    [
        ("Error\nStderr:       | fatal: no such commit\n", "fatal: no such commit"),
        ("", "Copier failed without a message"),
        (
            "ValueError: Validation error for question 'author':\n Type a name\n on one line",
            "author: Type a name on one line",
        ),
    ],
)
def test_copiers_error_becomes_one_line(stderr: str, message: str) -> None:
    assert hook(context_with())["reason"](stderr) == message
