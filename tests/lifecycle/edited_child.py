"""Edits of the small template's project, and a check that an update has kept them."""

from pathlib import Path

from tests.checkout import commit, git

EDITED = ("text.txt", "moved.txt", "dropped.txt", "picture.bin")
MARK = "mine\n"


def edit(project: Path) -> None:
    """Add a line at the end of some of the template's files, and commit."""
    for name in EDITED:
        (project / name).write_bytes((project / name).read_bytes() + MARK.encode())
    commit(project, "Mine")


def is_updated_with_edits(project: Path) -> None:
    """Check that the newest commit of a project has the newest version and all edits."""
    assert git(project, "status", "--porcelain", "--untracked-files=all") == ""
    names = git(project, "ls-tree", "-r", "--name-only", "HEAD").split()
    found = {name: git(project, "show", f"HEAD:{name}") for name in names}
    assert "line six\n" in found["text.txt"]
    assert found["fresh.txt"] == "fresh\n"
    edited = ("text.txt", "sub/renamed.txt", "dropped.txt", "picture.bin")
    assert [name for name in edited if not found[name].endswith(MARK)] == []
    assert "v2.0.0" in found[".copier-answers.yml"]
