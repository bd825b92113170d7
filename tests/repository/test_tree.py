"""What the tests compare of a project are its files, not those of git or of its installation."""

from pathlib import Path

from tests.checkout import tree


def test_a_tree_has_all_files_but_those_of_git_and_of_the_environment(tmp_path: Path) -> None:
    for name in (".venv/bin/python", ".git/HEAD", "b/.git/c", "b/.venv/d", ".dvc/config", "b-c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "b")
    assert tree(tmp_path) == [".dvc/config", "b-c", "b/.git/c", "b/.venv/d"]
