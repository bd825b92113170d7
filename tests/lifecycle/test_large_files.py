"""Updates of files that git stores as pointers, as with LFS: contents lie in another folder."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import generate

FILTER = """\
import hashlib, pathlib, sys
store, content = pathlib.Path(sys.argv[2]), sys.stdin.buffer.read()
if sys.argv[1] == "clean":
    name = hashlib.sha256(content).hexdigest()
    (store / name).write_bytes(content)
    content = f"oid sha256:{name}\\nsize {len(content)}\\n".encode()
else:
    content = (store / content.decode().split()[1].removeprefix("sha256:")).read_bytes()
sys.stdout.buffer.write(content)
"""


@pytest.fixture
def project(family: Path, tmp_path: Path, user_settings: Callable[[str], None]) -> Path:
    """A project whose binary files git stores as pointers."""
    store, script = tmp_path / "store", tmp_path / "pointers.py"
    store.mkdir()
    script.write_text(FILTER, "utf-8")
    words = [f"{name} = {sys.executable} {script} {name} {store}" for name in ("clean", "smudge")]
    user_settings("\n\t".join(['[filter "pointers"]', "required = true", *words, "\n"]))
    project = generate(family, tmp_path / "project")
    (project / ".gitattributes").write_text("*.bin filter=pointers -text\n", "utf-8")
    git(project, "add", "--renormalize", ".")
    commit(project, "Store pointers")
    assert git(project, "show", "HEAD:picture.bin").startswith("oid sha256:")
    return project


def test_an_unedited_file_is_updated_and_stored_as_a_pointer(
    modelyard: Modelyard, project: Path
) -> None:
    found = json.loads(modelyard("check", project, "--json").stdout)["files"]
    assert (found["edited"], found["conflicts"]) == ([], [])
    done = modelyard("update", project)
    assert done.returncode == 0, done.stderr
    assert (project / "picture.bin").read_bytes() == b"\0two"
    assert git(project, "show", "HEAD:picture.bin").startswith("oid sha256:")
    assert (project / "emblem.bin").read_bytes() == b"\0same"
    assert git(project, "status", "--porcelain") == ""


def test_an_edited_file_stays_as_it_is_and_is_named(modelyard: Modelyard, project: Path) -> None:
    (project / "picture.bin").write_bytes(b"\0mine")
    commit(project, "Mine")
    done = modelyard("update", project)
    assert done.returncode == 0, done.stderr
    assert "picture.bin: your version is kept" in done.stdout + done.stderr
    assert (project / "picture.bin").read_bytes() == b"\0mine"
    assert git(project, "show", "HEAD:picture.bin").startswith("oid sha256:")


def test_a_filter_that_fails_stops_the_update_and_changes_nothing(
    modelyard: Modelyard, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "store").rename(tmp_path / "unmounted")
    before = git(project, "rev-parse", "HEAD")
    done = modelyard("update", project)
    assert done.returncode == 1
    assert "filter" in done.stderr
    assert git(project, "rev-parse", "HEAD") == before
    assert not project.with_name("project-modelyard-v2.0.0").exists()
