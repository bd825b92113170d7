"""tests/releases.yml and the changelog say what is so."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.checkout import ROOT, commit, git
from tests.releases import NEWEST, MissingRelease, releases, with_releases
from tests.template.updates.moves import emitted, unnoted

STATES = [*releases().values(), ""]


def test_the_changelog_names_each_file_that_the_template_renamed_or_dropped() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for before, after in pairwise(STATES):
        assert unnoted(emitted(before) - emitted(after), changelog) == [], before


def test_a_file_that_the_changelog_does_not_name_is_seen() -> None:
    said = "- **Renamed** `a/*.py` → `b/*.py`\n- **Dropped** `c.md`: unread\n- `d.md` is gone\n"
    gone = ["a/one.py", "c.md", "d.md", "src/modelyard/x.py"]
    assert unnoted(gone, said) == ["d.md"]
    assert "src/<package>/schema.py" in emitted("HEAD")


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
