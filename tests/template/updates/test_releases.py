"""tests/releases.yml and the changelog say what is so."""

import re
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

from tests.checkout import ROOT, commit, git
from tests.releases import NEWEST, MissingRelease, releases, with_releases
from tests.template.updates.moves import emitted, unnoted

STATES = [*releases().values(), ""]
OWN = ("template/src/{{ package_name }}", "template/tests", "template/notebooks")
IMPORT = re.compile(r"from (modelyard[\w.]*) import (?:\(([^)]*)\)|([\w, ]+))")


def imported(state: str) -> set[tuple[str, str]]:
    """Return what a project's own files import from the runtime, by module and name."""
    found = set()
    for file in git(ROOT, "ls-tree", "-r", "-z", "--name-only", state, *OWN).split("\0")[:-1]:
        if file.endswith((".py", ".jinja")):
            for module, *names in IMPORT.findall(git(ROOT, "show", f"{state}:{file}")):
                listed = "".join(names).strip(" ,\n").split(",")
                found |= {(module, name.split()[0]) for name in listed}
    return found


def is_there(module: str, name: str) -> bool:
    """Tell whether the runtime has a name, which may be that of a module."""
    try:
        if hasattr(import_module(module), name):
            return True
        import_module(f"{module}.{name}")
    except ImportError:
        return False
    return True


def test_the_changelog_names_each_file_that_the_template_renamed_or_dropped() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for before, after in pairwise(STATES):
        assert unnoted(emitted(before) - emitted(after), changelog) == [], before


def test_a_file_that_the_changelog_does_not_name_is_seen() -> None:
    said = "- **Renamed** `a/*.py` → `b/*.py`\n- **Dropped** `c.md`: unread\n- `d.md` is gone\n"
    gone = ["a/one.py", "c.md", "d.md", "src/modelyard/x.py"]
    assert unnoted(gone, said) == ["d.md"]
    assert "src/<package>/schema.py" in emitted("HEAD")


@pytest.mark.parametrize("state", releases().values())
def test_what_the_own_files_of_a_released_project_import_is_still_there(state: str) -> None:
    """An update never touches these files, so what they import is the runtime's public API."""
    public = imported(state)
    assert ("modelyard.serving.rest.app", "create_app") in public
    assert [
        f"{module}: {name}" for module, name in sorted(public) if not is_there(module, name)
    ] == []


def test_a_name_that_the_runtime_dropped_is_seen() -> None:
    assert not is_there("modelyard.serving.rest.app", "make_app")
    assert not is_there("modelyard.ending", "run")


def test_the_releases_stand_in_the_order_in_which_they_were_made() -> None:
    for before, after in pairwise([*releases().values(), "HEAD"]):
        assert git(ROOT, "rev-list", "--count", f"{after}..{before}").strip() == "0"


def test_a_checkout_without_a_releases_commit_says_what_to_do(tmp_path: Path) -> None:
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


def test_a_release_is_the_state_of_its_commit(tmp_path: Path) -> None:
    head = git(ROOT, "rev-parse", "HEAD").strip()
    with_releases(tmp_path / "template", known={"v1.0.0": head})
    questions = git(tmp_path / "template", "show", "v1.0.0:copier.yml")
    assert questions == git(ROOT, "show", "HEAD:copier.yml")
    assert git(tmp_path / "template", "tag").split() == ["v1.0.0", NEWEST]
