"""Tests for `modelyard new`: the files of `copier copy`, then git, lock and first run."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from copier import run_copy

from modelyard_lifecycle.template_source import template_from_record
from tests.checkout import IDENTITY, ROOT, git, tree
from tests.docs.blocks import blocks
from tests.docs.walk import Walk, working_folder
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import with_pyproject

PAGE = ROOT / "docs" / "how-to" / "start-with-one-command.md"
INIT, ADD = "git init --quiet --initial-branch main", "git -c core.excludesFile= add --all"
COMMIT = "git commit --quiet --message 'Initial commit'"
PATIENCE_S = 60


@pytest.fixture(autouse=True)
def _a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        for word in IDENTITY[1::2]:
            key, value = word.split("=")
            monkeypatch.setenv(f"GIT_{who}_{key.removeprefix('user.').upper()}", value)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in tree(folder)}


def commands(output: str) -> list[str]:
    return re.findall(r"^\[\d/\d\] (.+)$", output, re.MULTILINE)


def test_the_files_are_those_of_copier_and_committed(
    modelyard: Modelyard, family: Path, tmp_path: Path
) -> None:
    (tmp_path / "answers.yml").write_text("name: file\nsize: 7\n", "utf-8")
    words = ["--data", "name=word", "--data-file", tmp_path / "answers.yml", "--version", "v1.0.0"]
    done = modelyard("new", tmp_path / "new", "--template", family, "--defaults", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    answers = {"name": "word", "size": 7}
    run_copy(str(family), tmp_path / "copied", data=answers, vcs_ref="v1.0.0", quiet=True)
    assert contents(tmp_path / "new") == contents(tmp_path / "copied")
    assert commands(done.stdout) == [INIT, ADD, COMMIT]
    assert git(tmp_path / "new", "log", "--format=%s", "main") == "Initial commit\n"
    assert git(tmp_path / "new", "status", "--porcelain") == ""


def test_given_answers_change_the_files(modelyard: Modelyard, family: Path, tmp_path: Path) -> None:
    done = modelyard("new", tmp_path / "new", "--template", family, "-l", "-d", "name=other")
    assert done.returncode == 0, done.stdout + done.stderr
    run_copy(str(family), tmp_path / "copied", defaults=True, quiet=True)
    new, copied = contents(tmp_path / "new"), contents(tmp_path / "copied")
    assert [name for name in new if new[name] != copied[name]] == [
        ".copier-answers.yml",
        "named.txt",
    ]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["{full}", "--template", "{family}"], "full is not empty: it contains mine.txt"),
        (["{full}/mine.txt", "--template", "{family}"], "mine.txt exists and is not a folder"),
        (["{new}", "--template", "{new}/nothing"], "nothing cannot be copied: "),
        (["{new}", "--template", "{family}", "--version", "v9.9.9"], "v9.9.9"),
        (["{new}", "--template", "{family}", "--data", "size=many"], "'many'"),
        (["{new}", "--template", "{family}", "--data", "size"], "--data is 'size', must be of"),
        (["{new}", "--template", "{family}", "--data-file", "{new}"], "new cannot be read"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_changed(
    modelyard: Modelyard, family: Path, tmp_path: Path, words: list[str], reason: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine\n", "utf-8")
    places = {"full": tmp_path / "full", "new": tmp_path / "new", "family": family}
    done = modelyard("new", *(word.format(**places) for word in words), "--defaults")
    assert (done.returncode, done.stdout) == (1, "")
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
    assert tree(tmp_path) == ["full/mine.txt"]
    assert not (tmp_path / "new").exists()


def test_a_failed_step_prints_how_to_continue(modelyard: Modelyard, tmp_path: Path) -> None:
    template, project = with_pyproject(tmp_path / "template"), tmp_path / "new"
    done = modelyard("new", project, "--template", template, "--defaults")
    assert done.returncode == 1
    assert commands(done.stdout) == [INIT, "uv lock"]
    error = done.stderr[done.stderr.index("error: uv lock failed with exit code ") :]
    assert f"the earlier steps are kept in {project}" in error
    assert (project / "pyproject.toml").exists()
    (project / "pyproject.toml").write_text(
        "[project]\nname = 'a'\nversion = '0'\nrequires-python = '>=3.11'\n", "utf-8"
    )
    (project / ".gitignore").write_text(".venv\n", "utf-8")
    subprocess.run(error.splitlines()[1], shell=True, check=True, capture_output=True)
    assert git(project, "log", "--format=%s") == "Initial commit\n"
    assert git(project, "ls-files").split() == [".gitignore", "pyproject.toml", "uv.lock"]


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is another thing there")
def test_ctrl_c_at_a_question_leaves_nothing(family: Path, tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    words = ["new", str(tmp_path / "new"), "--template", str(family)]
    command = [sys.executable, "-m", "modelyard_lifecycle", *words]
    child = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "TERM": "dumb"}, encoding="utf-8",
    )  # fmt: skip
    os.close(theirs)  # so that reading ends if the child does
    asked, end = b"", time.monotonic() + PATIENCE_S
    while b"name" not in asked:
        assert time.monotonic() < end, asked
        asked += os.read(ours, 1000)
    os.killpg(child.pid, signal.SIGINT)
    errors = child.communicate(timeout=PATIENCE_S)[1]
    assert child.returncode == 130
    assert "interrupted; nothing was written" in errors
    assert list(tmp_path.iterdir()) == []


# The default template


def test_without_a_default_template_the_option_is_required(
    modelyard: Modelyard, tmp_path: Path
) -> None:
    done = modelyard("new", tmp_path / "new", "--defaults")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "use --template URL" in done.stderr


def test_the_default_template_is_the_repository_of_the_installation(
    family: Path, tmp_path: Path
) -> None:
    git_url: dict[str, object] = {
        "url": "https://me:secret@YOUR-HOST/modelyard",
        "vcs_info": {"vcs": "git"},
    }
    assert template_from_record(git_url) == "git+https://YOUR-HOST/modelyard"
    assert (
        template_from_record(git_url | {"url": "https://github.com/us/it"})
        == "https://github.com/us/it"
    )
    assert template_from_record({"url": family.as_uri(), "dir_info": {}}) == str(family)


def test_an_archive_or_a_folder_without_a_template_is_no_default(
    family: Path, tmp_path: Path
) -> None:
    assert template_from_record({"url": tmp_path.as_uri(), "dir_info": {}}) is None
    assert template_from_record({"url": (family / "x.whl").as_uri(), "archive_info": {}}) is None


# This template


@pytest.mark.slow
@pytest.mark.usefixtures("tools")
@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the installed command is Bash")
def test_a_project_of_this_template_is_created_and_trained_as_on_the_page(
    template: Path, tmp_path: Path
) -> None:
    project = working_folder(tmp_path) / "flight-delays"
    with Walk(project.parent, template) as reader:
        reader.run_page(blocks(PAGE))
    assert json.loads((project / "models" / "metrics.json").read_text("utf-8"))["accepted"] is True
    run_copy(str(template), tmp_path / "copied", defaults=True, quiet=True)
    copied = contents(tmp_path / "copied")
    first = git(project, "rev-list", "--max-parents=0", "HEAD").strip()
    names = set(git(project, "ls-tree", "-r", "--name-only", first).split()) - {"uv.lock"}
    assert names == copied.keys()
    assert git(project, "diff", "--name-only", first, "--", *names) == ""
    assert {name: (project / name).read_bytes() for name in names} == copied


def test_only_the_interactive_block_of_the_page_and_those_for_a_table_are_skipped() -> None:
    left = [block.lines for block in blocks(PAGE) if block.note.startswith("not run: ")]
    source = "'modelyard[lifecycle] @ git+https://YOUR-HOST/modelyard.git'"
    assert left[0] == [f"uvx --from {source} modelyard new flight-delays"]
    assert ["customers.csv" in one for [one] in left] == [False, True, True]
