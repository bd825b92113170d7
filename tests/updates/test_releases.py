"""tests/releases.yml and the changelog say what is so."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.releases import MissingRelease, releases, with_releases
from tests.repository import ROOT, commit, git
from tests.updates.moves import emitted, unnoted

STATES = [*releases().values(), ""]


@pytest.mark.parametrize(
    ("before", "after"), [*pairwise(STATES)], ids=lambda one: one[:8] or "disk"
)
def test_the_changelog_names_each_file_that_the_template_renamed_or_dropped(
    before: str, after: str
) -> None:
    gone = emitted(before) - emitted(after)
    assert unnoted(gone, (ROOT / "CHANGELOG.md").read_text("utf-8")) == []


def test_a_file_that_the_changelog_does_not_name_is_seen() -> None:
    said = "- **Renamed** `a/*.py` → `b/*.py`\n- **Dropped** `c.md`: unread\n- `d.md` is gone\n"
    assert unnoted(["a/one.py", "c.md", "d.md"], said) == ["d.md"]


def test_the_releases_stand_in_the_order_in_which_they_were_made() -> None:
    for before, after in pairwise([*releases().values(), "HEAD"]):
        assert git(ROOT, "rev-list", "--count", f"{after}..{before}").strip() == "0"


def test_a_checkout_without_a_releases_commit_says_what_to_do(tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    shallow.mkdir()
    commit(shallow, "All that there is")
    version, state = next(iter(releases().items()))
    with pytest.raises(MissingRelease) as raised:
        with_releases(tmp_path / "template", shallow)
    assert str(raised.value) == (
        f"tests/releases.yml: {version} is commit {state}, which {shallow} lacks; "
        "fetch the whole history: git fetch --unshallow"
    )
