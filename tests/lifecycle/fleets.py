"""A team's repositories in every state, each with an origin to push to."""

from pathlib import Path

from tests.checkout import commit, git
from tests.lifecycle.small_template import born

EDITS: dict[str, tuple[str, str, str] | None] = {
    "prices": None,
    "churn": ("text.txt", "line 6\n", "line VI\n"),
    "demand": ("dropped.txt", "dropped", "mine"),
}


def make_fleet(family: Path, folder: Path) -> Path:
    """Make a repository that is behind, one that conflicts, one with edits at risk, one current."""
    for name in EDITS:
        edited(born(family, folder / "projects" / name))
    born(family, folder / "projects" / "delays", "v2.0.0")
    for project in sorted((folder / "projects").iterdir()):
        git(project, "branch", "--move", "--force", "main")
        bare = folder / "origins" / f"{project.name}.git"
        git(folder, "clone", "--quiet", "--bare", str(project), str(bare))
        git(project, "remote", "add", "origin", str(bare))
    return folder


def edited(project: Path) -> Path:
    """Edit a project as the one of its name is edited, and commit."""
    if edit := EDITS[project.name]:
        name, old, new = edit
        text = (project / name).read_text("utf-8")
        (project / name).write_text(text.replace(old, new), "utf-8")
        commit(project, "Mine")
    return project


def held(project: Path, ref: str, name: str) -> str:
    """Return what a file holds at a commit."""
    return git(project, "show", f"{ref}:{name}")
