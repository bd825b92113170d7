"""Cookiecutter asks what Copier asks, and the hook hands it on as it was typed."""

import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git, settings
from tests.template.cookiecutter.hook import asked, hook
from tools import questions


def test_cookiecutter_asks_what_copier_asks_and_where_to() -> None:
    copiers = [*questions.asked(settings())]
    names = [name for name in asked() if not name.startswith("_")]
    assert [name for name in names if name != "project_slug"] == copiers
    assert asked(package_name="tea_time")["project_slug"] == "tea-time"


@pytest.mark.parametrize(
    ("answers", "name", "counts"),
    [
        ({"dvc_remote": "ssh"}, "dvc_remote_url", "True"),
        ({}, "dvc_remote_url", "False"),
        ({"serving_targets": "rest, batch"}, "scale_out", "True"),
        ({"serving_targets": "rest, edge"}, "scale_out", "False"),
    ],
)
def test_an_answer_counts_if_copier_would_ask_for_it(
    answers: dict[str, str], name: str, counts: str
) -> None:
    given = asked(**answers)
    assert given[f"__when_{name}"] == counts
    assert (name in hook(given)["answers"]()) == (counts == "True")


@pytest.mark.parametrize(
    "several", ["rest, batch", "[rest, batch]", "rest batch", '["rest","batch"]']
)
def test_several_may_be_typed_in_any_way(several: str) -> None:
    given = asked(serving_targets=several)
    assert hook(given)["answers"]()["serving_targets"] == ["rest", "batch"]


def test_the_hook_gives_copier_each_text_as_it_was_typed() -> None:
    text = '\'""" \\n \\u0041 {{ 7 * 7 }} {% raw %} {# \u2028 é \U0001f6eb </script> $(id)'
    given = asked() | {"description": text}
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
def test_an_address_is_recorded_as_copier_reads_it_and_without_secrets(
    typed_address: str, recorded: str, tmp_path: Path
) -> None:
    commit(tmp_path, "As cloned")
    git(tmp_path, "remote", "add", "origin", "https://me:secret@origin.example/modelyard")
    said = {"_template": typed_address, "_repo_dir": str(tmp_path), "_output_dir": str(tmp_path)}
    assert hook(asked() | said)["source"]() == (
        recorded,
        git(tmp_path, "rev-parse", "HEAD").strip(),
    )


def test_a_folder_that_is_not_found_again_is_refused(tmp_path: Path) -> None:
    commit(tmp_path, "As copied")
    said = {"_template": "gone", "_repo_dir": str(tmp_path), "_output_dir": str(tmp_path)}
    names = hook(asked() | said)
    with pytest.raises(names["Refused"], match="did not find gone again; type its whole path"):
        names["source"]()


@pytest.mark.parametrize("output", [".", "made", "made/below"])
def test_a_folder_is_found_from_where_it_was_typed(
    output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PWD", "/")
    for name in ("template", "made/below/template"):
        (tmp_path / name).mkdir(parents=True)
    commit(tmp_path / "template", "As typed")
    commit(tmp_path / "made" / "below" / "template", "Another")
    shutil.copytree(tmp_path / "template", tmp_path / "copied")
    said = {
        "_template": "template",
        "_repo_dir": str(tmp_path / "copied"),
        "_output_dir": str(tmp_path / output),
    }
    assert hook(asked() | said)["source"]()[0] == str(tmp_path / "template")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Error\nStderr:       | fatal: no such commit\n", "fatal: no such commit"),
        ("", "Copier failed without a word"),
        (
            "ValueError: Validation error for question 'author':\n Type a name\n on one line",
            "author: Type a name on one line",
        ),
    ],
)
def test_what_copier_says_becomes_one_line(said: str, told: str) -> None:
    assert hook(asked())["reason"](said) == told
