"""Tests for tests/releases.yml, the changelog and the runtime's public names."""

import re
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

from tests.checkout import ROOT, commit, git
from tests.releases import NEWEST, MissingRelease, releases, with_releases
from tests.template.updates.moves import not_in_changelog, rendered_paths

STATES = [*releases().values(), ""]
OWN = ("template/src/{{ package_name }}", "template/tests", "template/notebooks")
IMPORT = re.compile(r"from (modelyard[\w.]*) import (?:\(([^)]*)\)|([\w, ]+))")


def imported(state: str) -> set[tuple[str, str]]:
    """Return the modules and names that a project's own files import from the runtime."""
    found = set()
    for file in git(ROOT, "ls-tree", "-r", "-z", "--name-only", state, *OWN).split("\0")[:-1]:
        if file.endswith((".py", ".jinja")):
            for module, *names in IMPORT.findall(git(ROOT, "show", f"{state}:{file}")):
                listed = "".join(names).strip(" ,\n").split(",")
                found |= {(module, name.split()[0]) for name in listed}
    return found


def exists(module: str, name: str) -> bool:
    """Return whether the runtime has a name or a module of that name."""
    try:
        if hasattr(import_module(module), name):
            return True
        import_module(f"{module}.{name}")
    except ImportError:
        return False
    return True


def test_the_changelog_lists_each_renamed_or_dropped_file() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for before, after in pairwise(STATES):
        assert not_in_changelog(rendered_paths(before) - rendered_paths(after), changelog) == [], (
            before
        )


def test_a_file_missing_from_the_changelog_is_detected() -> None:
    changelog = (
        "- **Renamed** `a/*.py` → `b/*.py`\n- **Dropped** `c.md`: unread\n- `d.md` is gone\n"
    )
    removed = ["a/one.py", "c.md", "d.md", "src/modelyard/x.py"]
    assert not_in_changelog(removed, changelog) == ["d.md"]
    assert "src/<package>/schema.py" in rendered_paths("HEAD")


@pytest.mark.parametrize("state", releases().values())
def test_the_imports_of_a_released_projects_own_files_still_work(state: str) -> None:
    """An update never changes these files, so their imports are the runtime's public API."""
    public = imported(state)
    assert ("modelyard.serving.rest.app", "create_app") in public
    assert [
        f"{module}: {name}" for module, name in sorted(public) if not exists(module, name)
    ] == []


def test_a_name_that_the_runtime_dropped_is_detected() -> None:
    assert not exists("modelyard.serving.rest.app", "make_app")
    assert not exists("modelyard.ending", "run")


def test_the_releases_are_in_chronological_order() -> None:
    for before, after in pairwise([*releases().values(), "HEAD"]):
        assert git(ROOT, "rev-list", "--count", f"{after}..{before}").strip() == "0"


def test_a_missing_commit_of_a_release_is_reported_with_a_remedy(tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    shallow.mkdir()
    commit(shallow, "All that there is")
    state = "0123456789" * 4
    with pytest.raises(MissingRelease) as raised:
        with_releases(tmp_path / "template", shallow, {"v1.0.0": state})
    assert str(raised.value) == (
        f"tests/releases.yml: v1.0.0 is commit {state}, which {shallow} lacks; "
        "fetch the whole history: git fetch --unshallow"
    )


def test_a_release_has_the_files_of_its_commit(tmp_path: Path) -> None:
    head = git(ROOT, "rev-parse", "HEAD").strip()
    with_releases(tmp_path / "template", known={"v1.0.0": head})
    questions = git(tmp_path / "template", "show", "v1.0.0:copier.yml")
    assert questions == git(ROOT, "show", "HEAD:copier.yml")
    assert git(tmp_path / "template", "tag").split() == ["v1.0.0", NEWEST]
