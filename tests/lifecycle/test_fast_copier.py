"""Tests that FastCopier renders the same bytes and modes as Copier."""

import shutil
from pathlib import Path

import pytest
from copier import run_copy

from modelyard_lifecycle.errors import UserError
from modelyard_lifecycle.fast_copier import FastCopier
from modelyard_lifecycle.project import read_project
from modelyard_lifecycle.render import render
from tests.checkout import commit, git

LOOPED = "{% yield size from sizes %}{{ size }}{% endyield %}"
FILES = {
    "copier.yml": "_subdirectory: template\nsizes:\n  type: yaml\n  default: [small, large]\n",
    "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}",
    f"template/{LOOPED}/a.txt.jinja": "{{ size }}\n",
    f"template/{LOOPED}/of {{{{ sizes[0] }}}}/{{{{ size }}}}.txt.jinja": "{{ size }}\n",
    f"template/{LOOPED}/{LOOPED}/b.txt.jinja": "{{ size }}\n",
    "template/{% if not sizes %}none{% endif %}/deep/c.txt": "c\n",
    "template/plain/a.txt": "a\n",
    "template/plain/b.txt": "b\n",
    "template/run.sh": "#!/bin/sh\n",
}


@pytest.fixture
def looped(tmp_path: Path) -> Path:
    """Return a template with a loop in a path and an executable file."""
    folder = tmp_path / "template"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "template" / "run.sh").chmod(0o755)
    commit(folder, "One", tag="v1.0.0")
    return folder


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes()) for path in files
    }


def test_files_modes_and_loops_in_paths_are_those_of_copier(looped: Path, tmp_path: Path) -> None:
    run_copy(str(looped), tmp_path / "copier", defaults=True, quiet=True)
    commit(tmp_path / "copier", "Initial commit")
    project = read_project(tmp_path / "copier", None)
    files = render(project, "v1.0.0", tmp_path / "quick")
    assert contents(tmp_path / "quick") == contents(tmp_path / "copier")
    assert {"small/a.txt", "large/a.txt", "plain/b.txt", "run.sh"} <= files.keys()
    assert {"large/of small/large.txt", "small/large/b.txt"} <= files.keys()
    assert "deep/c.txt" not in files


def test_with_core_filemode_false_modes_go_into_the_index(looped: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    run_copy(str(looped), project, defaults=True, quiet=True)
    (project / "run.sh").chmod(0o644)
    commit(project, "Initial commit")
    git(project, "config", "core.fileMode", "false")
    with FastCopier(
        dst_path=project,
        answers_file=Path(".copier-answers.yml"),
        defaults=True,
        overwrite=True,
        quiet=True,
    ) as worker:
        worker.run_recopy()
    assert git(project, "ls-files", "--stage", "run.sh").startswith("100755")


def test_the_overridden_names_exist_in_copier() -> None:
    inherited = vars(FastCopier.__mro__[1])
    cached = {"jinja_env", "answers_relpath", "_sync_git_index_executable_bit"}
    assert cached | {"_render_template", "_render_context", "_render_parts"} <= inherited.keys()


def test_a_template_that_writes_no_answers_file_is_refused(looped: Path, tmp_path: Path) -> None:
    run_copy(str(looped), tmp_path / "project", defaults=True, quiet=True)
    commit(tmp_path / "project", "Initial commit")
    project = read_project(tmp_path / "project", None)
    shutil.move(next((looped / "template").glob("*answers*")), tmp_path / "answers")
    commit(looped, "None", tag="v2.0.0")
    with pytest.raises(UserError, match=r"v2.0.0 writes no .copier-answers.yml"):
        render(project, "v2.0.0", tmp_path / "rendered")
