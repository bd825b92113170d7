"""Cookiecutter's door: the same project as Copier's, or a clear refusal and nothing left behind."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from cookiecutter.environment import StrictEnvironment
from cookiecutter.generate import generate_files
from cookiecutter.prompt import prompt_for_config

from tests.conftest import Render, made_once
from tests.cookiecut import Desk, files, typed, without_copier
from tests.histories import edit, unmerged, update, with_history
from tests.repository import ROOT, commit, git, named_answers, names_of_answers, settings
from tools import cookiecutter, questions

WAYS = {
    "copier": "copy --defaults",
    "uvx": "--from copier>=9.19.0 copier copy --defaults",
    "pipx": "run --spec copier>=9.19.0 copier copy --defaults",
}
PATIENCE_S = 60


@pytest.fixture(scope="session")
def bare(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with Cookiecutter and without Copier."""
    made = made_once(shared / "bare", tmp_path_factory.mktemp("make"), without_copier)
    return made / "bin" / "python"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with Copier beside Cookiecutter."""
    return Desk(tmp_path / "desk")


@pytest.fixture
def lonely(tmp_path: Path, bare: Path) -> Desk:
    """A desk without Copier."""
    return Desk(tmp_path / "desk", bare)


def address(template: Path) -> str:
    """Return a folder's address, which is cloned."""
    return f"git+{template.as_uri()}"


# The same project


@pytest.mark.parametrize("answers", names_of_answers())
def test_cookiecutter_makes_what_copier_makes(
    answers: str, template: Path, render: Render, desk: Desk
) -> None:
    given = named_answers(answers)
    project = desk.born(address(template), typed=typed(given))

    expected = files(render(given))
    mode, remembered = expected[".copier-answers.yml"]
    there = remembered.replace(str(template).encode(), address(template).encode())
    assert files(project) == expected | {".copier-answers.yml": (mode, there)}


def test_from_a_folder_nothing_differs(template: Path, render: Render, desk: Desk) -> None:
    relative, there = os.path.relpath(template, desk.here), desk.folder / "elsewhere"
    done = desk.run(relative, "--no-input", "--output-dir", str(there))
    assert done.returncode == 0, done.stderr
    assert files(there / "flight-delays") == files(render({}))


def test_a_difference_in_bytes_or_mode_would_be_seen(tmp_path: Path) -> None:
    seen = []
    for content, mode in ((b"a", 0o644), (b"b", 0o644), (b"b", 0o755)):
        (tmp_path / "file").write_bytes(content)
        (tmp_path / "file").chmod(mode)
        seen.append(files(tmp_path)["file"])
    assert len(set(seen)) == 3


@pytest.mark.parametrize("way", WAYS)
def test_copier_is_found_or_fetched(way: str, template: Path, lonely: Desk) -> None:
    lonely.give(way, 'echo "$@" > said')
    said = (lonely.born(str(template), "--no-input") / "said").read_text("utf-8")
    assert said.startswith(WAYS[way])


def test_a_project_takes_updates_and_keeps_its_edits(desk: Desk, tmp_path: Path) -> None:
    history = with_history(tmp_path / "template")
    git(history, "checkout", "--quiet", "-b", "between", "v0.1.0")
    commit(history, "Not yet a version")
    project = desk.born(address(history), "--checkout", "between", "--no-input")
    assert re.fullmatch("v0.1.0-1-g[0-9a-f]+", remembered(project)["_commit"])
    commit(project, "Born")
    mine = edit(project)

    update(project)

    assert remembered(project)["_commit"] == "v0.2.0"
    assert list(unmerged(project)) == []
    assert {name: (project / name).read_bytes() for name in mine} == mine
    assert not (project / "GONE.md").exists()


def test_cruft_which_says_less_gets_the_same(
    template: Path, render: Render, tmp_path: Path
) -> None:
    head = git(template, "rev-parse", "HEAD").strip()
    said = asked() | {"_template": str(template), "_commit": head}
    project = generate_files(template, {"cookiecutter": said}, tmp_path)
    assert files(Path(project)) == files(render({}))


def test_without_hooks_the_folder_says_why_it_is_empty(template: Path, desk: Desk) -> None:
    project = desk.born(str(template), "--no-input", "--accept-hooks", "no")
    assert list(files(project)) == ["NO-HOOK-RAN.md"]


def remembered(project: Path) -> dict[str, Any]:
    """Return the answers that a project remembers."""
    read: dict[str, Any] = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    return read


# Refusals


def test_without_copier_nothing_is_asked_and_nothing_left(template: Path, lonely: Desk) -> None:
    done = lonely.run(str(template))
    assert done.returncode != 0
    assert "error: Copier makes this project, and neither Copier was found" in done.stderr
    assert f'"{lonely.python}" -m pip install copier' in done.stderr
    assert "What is the project called?" not in done.stdout
    assert lonely.left() == []


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({"package_name": "class"}, "error: package_name: class already means something"),
        ({"serving_targets": ["cloud"]}, "error: serving_targets: 'cloud' is not in ['rest', "),
    ],
    ids=str,
)
def test_a_wrong_answer_is_told_and_nothing_left(
    answers: dict[str, Any], text: str, template: Path, desk: Desk
) -> None:
    done = desk.run(str(template), typed=typed(answers))
    assert done.returncode != 0
    assert text in done.stderr
    assert desk.left() == []


def test_what_copier_says_last_is_told_and_nothing_left(template: Path, lonely: Desk) -> None:
    lonely.give("copier", "echo spoilt > spoilt; echo The network is down >&2; exit 3")
    done = lonely.run(str(template), "--no-input")
    assert done.returncode != 0
    assert "error: The network is down\n" in done.stderr
    assert lonely.left() == []


def test_a_folder_that_holds_something_stays_as_it_was(template: Path, desk: Desk) -> None:
    mine = desk.here / "flight-delays" / "README.md"
    mine.parent.mkdir()
    mine.write_text("Mine.\n", "utf-8")

    assert desk.run(str(template), "--no-input").returncode != 0
    done = desk.run(str(template), "--no-input", "--overwrite-if-exists")

    assert done.returncode != 0
    assert f"error: {mine.parent} is not empty, it holds README.md" in done.stderr
    assert files(desk.here) == {"flight-delays/README.md": (0o644, b"Mine.\n")}


def test_a_template_that_no_update_would_find_is_refused(template: Path, desk: Desk) -> None:
    loose = shutil.copytree(template, desk.folder / "loose", ignore=shutil.ignore_patterns(".git"))
    done = desk.run(str(loose), "--no-input")
    assert f"error: {loose} is no git repository with a commit" in done.stderr
    assert desk.left() == []


def test_without_git_nothing_is_left(template: Path, desk: Desk) -> None:
    (desk.folder / "bin" / "git").unlink()
    done = desk.run(str(template), "--no-input")
    assert "error: found no git, which Copier needs; install it\n" in done.stderr
    assert desk.left() == []


def test_an_interruption_leaves_nothing(template: Path, lonely: Desk) -> None:
    began = lonely.folder / "began"
    lonely.give("copier", f"echo half > half; : > {began}; exec {shutil.which('sleep')} 60")
    process = subprocess.Popen(
        lonely.command(str(template), "--no-input"), cwd=lonely.here, env=lonely.surroundings(),
        start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(began.exists)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(PATIENCE_S) != 0
    until(lambda: lonely.left() == [])


def test_what_a_careless_hook_leaves_would_be_seen(template: Path, desk: Desk) -> None:
    careless = shutil.copytree(template, desk.folder / "careless")
    (careless / "hooks" / "post_gen_project.py").write_text("raise SystemExit(1)\n", "utf-8")
    assert desk.run(str(careless), "--no-input").returncode != 0
    assert len(desk.left()) == 2


def until(holds: Callable[[], bool]) -> None:
    """Wait for something to hold."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


# What is asked


def asked(**answers: str) -> dict[str, Any]:
    """Return what Cookiecutter knows after its questions if some were answered so."""
    context = cookiecutter.context(settings())
    for name, answer in answers.items():
        listed = isinstance(context[name], list)
        context[name] = [answer] if listed else answer
    return dict(prompt_for_config({"cookiecutter": context}, no_input=True))


def test_cookiecutter_asks_what_copier_asks_and_where_to() -> None:
    copiers = [*questions.asked(settings())]
    names = [name for name in asked() if not name.startswith("_")]
    assert [name for name in names if name != "project_slug"] == copiers
    assert asked(package_name="tea_time")["project_slug"] == "tea-time"


@pytest.mark.parametrize(
    ("answers", "name", "counts"),
    [
        ({}, "ci_host", "False"),
        ({"automation_level": "2"}, "ci_host", "True"),
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


def hook(given: dict[str, Any]) -> dict[str, Any]:
    """Return what the hook defines after Cookiecutter has filled in what was answered."""
    text = (ROOT / "hooks" / "post_gen_project.py").read_text("utf-8")
    source = StrictEnvironment().from_string(text).render(cookiecutter=given)
    names: dict[str, Any] = {"__name__": "hook"}
    exec(compile(source, "hook", "exec"), names)
    return names


# cookiecutter.json


def test_cookiecutter_json_is_what_copier_asks() -> None:
    assert cookiecutter.FILE.read_text("utf-8") == cookiecutter.written(settings())


def test_a_question_added_to_copier_yml_is_told_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, file in (("SOURCE", "copier.yml"), ("FILE", "cookiecutter.json")):
        shutil.copy(ROOT / file, tmp_path / file)
        monkeypatch.setattr(cookiecutter, name, tmp_path / file)
    assert main(monkeypatch, "--check") == 0

    with (tmp_path / "copier.yml").open("a", encoding="utf-8") as more:
        more.write("colour:\n  type: str\n  help: Which colour?\n  default: '{{ license }} red'\n")

    assert main(monkeypatch, "--check") == 1
    out_of_date = "error: cookiecutter.json is out of date; run: python -m tools.cookiecutter"
    assert out_of_date in capsys.readouterr().err
    assert main(monkeypatch) == 0
    assert main(monkeypatch, "--check") == 0
    added = json.loads((tmp_path / "cookiecutter.json").read_text("utf-8"))
    assert added["colour"] == "{{ cookiecutter.license }} red"
    assert added["__prompts__"]["colour"] == "Which colour?"


def test_a_question_that_hangs_on_what_nobody_is_asked_is_refused() -> None:
    changed = settings()
    changed["author"]["default"] = "{{ license_text }}"
    with pytest.raises(ValueError, match="author depends on license_text, which nobody is asked"):
        cookiecutter.context(changed)


def main(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the tool as if typed."""
    monkeypatch.setattr(sys, "argv", ["cookiecutter", *words])
    return cookiecutter.main()
