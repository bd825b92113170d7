"""Copier as the tests change it gives the same files as Copier in a process of its own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from copier import run_copy, run_update
from copier._jinja_ext import SandboxedEnvironment
from plumbum import local

from modelyard_lifecycle.fast_copier import compile_once, compile_source
from tests import quick_copier
from tests.checkout import commit, git
from tests.conftest import EVERY_TARGET, Render
from tests.edited_projects import copy_template
from tests.lifecycle.small_template import generate, make_template

Answers = dict[str, Any]
COPIER = "import copier, json, sys; getattr(copier, sys.argv[1])(**json.loads(sys.argv[2]))"
LOOPED = {
    "copier.yml": "sizes:\n  type: yaml\n  default: [small, large]\nbig:\n  type: bool\n",
    "{% yield size from sizes %}{{ size }}{% endyield %}/a.txt.jinja": "{{ size }} {{ big }}\n",
    "plain/a.txt": "a\n",
    "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}",
}


def in_a_process(name: str, **words: Any) -> None:
    """Call a function of an unchanged Copier."""
    words |= {"defaults": True, "quiet": True}
    subprocess.run([sys.executable, "-c", COPIER, name, json.dumps(words)], check=True)


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return the modes and contents of the files below a folder, without those of git."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in files
    }


def test_a_project_of_this_template_has_the_same_bytes(
    render: Render, template: Path, tmp_path: Path
) -> None:
    in_a_process("run_copy", src_path=str(template), dst_path=str(tmp_path), data=EVERY_TARGET)
    assert len(contents(tmp_path)) > 100
    assert contents(tmp_path) == contents(render(EVERY_TARGET))


def test_an_update_merges_the_same_and_leaves_the_same_conflicts(tmp_path: Path) -> None:
    project = generate(make_template(tmp_path / "template"), tmp_path / "project")
    lines = (project / "text.txt").read_text("utf-8")
    (project / "text.txt").write_text(
        lines.replace("line 6", "mine").replace("12", "last"), "utf-8"
    )
    commit(project, "Mine")
    same = Path(shutil.copytree(project, tmp_path / "same"))
    in_a_process("run_update", dst_path=str(project), overwrite=True)
    run_update(same, defaults=True, overwrite=True, quiet=True)
    assert "<<<<<<<" in (same / "text.txt").read_text("utf-8")
    assert contents(same) == contents(project)
    assert git(same, "status", "--porcelain") == git(project, "status", "--porcelain")


@pytest.fixture
def looped(tmp_path: Path) -> Path:
    """Return a template with a loop in a path."""
    for name, text in LOOPED.items():
        (tmp_path / "looped" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "looped" / name).write_text(text, "utf-8")
    return tmp_path / "looped"


def copied(template: Path, folder: Path, **answers: Any) -> dict[str, tuple[int, bytes]]:
    run_copy(str(template), folder, answers, defaults=True, quiet=True)
    return contents(folder)


def test_compiled_templates_keep_no_answer_and_no_loop(looped: Path, tmp_path: Path) -> None:
    first = copied(looped, tmp_path / "first", big=True)
    assert copied(looped, tmp_path / "again", big=True) == first
    other = copied(looped, tmp_path / "other", big=False, sizes=["small"])
    assert other["small/a.txt"][1] == b"small False\n"
    assert {"large/a.txt", "small/a.txt", "plain/a.txt"} <= first.keys()
    assert "large/a.txt" not in other


def test_a_changed_template_is_compiled_again(looped: Path, tmp_path: Path) -> None:
    copied(looped, tmp_path / "first", big=True)
    (looped / next(iter(name for name in LOOPED if "yield" in name))).write_text("{{ 7 }}\n")
    assert copied(looped, tmp_path / "other", big=True)["small/a.txt"][1] == b"7\n"


def test_a_tag_that_has_moved_is_cloned_again(looped: Path, tmp_path: Path) -> None:
    commit(looped, "One", tag="v1.0.0")
    copy_template(tmp_path / "first", looped, {"big": True}, "v1.0.0")
    (looped / "plain/a.txt").write_text("moved\n", "utf-8")
    commit(looped, "Two")
    copy_template(tmp_path / "same", looped, {"big": True}, "v1.0.0")
    git(looped, "tag", "--force", "v1.0.0")
    copy_template(tmp_path / "other", looped, {"big": True}, "v1.0.0")
    texts = [(tmp_path / one / "plain/a.txt").read_text() for one in ("first", "same", "other")]
    assert texts == ["a\n", "a\n", "moved\n"]


def test_a_template_that_cannot_be_compiled_is_refused_each_time(
    looped: Path, tmp_path: Path
) -> None:
    (looped / "plain/b.txt.jinja").write_text("{% if %}\n", "utf-8")
    for name in ("first", "again"):
        with pytest.raises(Exception, match="Expected an expression"):
            copied(looped, tmp_path / name, big=True)


def test_submodules_of_a_template_are_still_checked_out(looped: Path, tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.mkdir()
    (part / "c.txt").write_text("c\n", "utf-8")
    commit(part, "Part")
    commit(looped, "One")
    allowed = {"COUNT": "1", "KEY_0": "protocol.file.allow", "VALUE_0": "always"}
    git(looped, "-c", "protocol.file.allow=always", "submodule", "add", str(part), "parts")
    commit(looped, "Two", tag="v1.0.0")
    with local.env(**{f"GIT_CONFIG_{name}": value for name, value in allowed.items()}):
        copy_template(tmp_path / "project", looped, {"big": True})
    assert (tmp_path / "project" / "parts" / "c.txt").read_text("utf-8") == "c\n"


def test_what_is_changed_is_there_and_changed_once() -> None:
    quick_copier.install()
    assert SandboxedEnvironment.compile is compile_once
    assert compile_source.__name__ == "compile"
    call: Callable[..., Any] = quick_copier.get_git
    assert call.__module__ == "copier._vcs"
