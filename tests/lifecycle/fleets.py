"""A team's repositories in each state, each with an origin to push to."""

from pathlib import Path

from tests.checkout import commit, git
from tests.lifecycle.small_template import generate

EDITS: dict[str, tuple[str, str, str] | None] = {
    "prices": None,
    "churn": ("text.txt", "line 6\n", "line VI\n"),
    "demand": ("dropped.txt", "dropped", "mine"),
}


def make_fleet(family: Path, folder: Path) -> Path:
    """Make four repositories: behind, with conflicts, with edits at risk, and current."""
    for name in EDITS:
        apply_edit(generate(family, folder / "projects" / name))
    generate(family, folder / "projects" / "delays", "v2.0.0")
    for project in sorted((folder / "projects").iterdir()):
        git(project, "branch", "--move", "--force", "main")
        bare = folder / "origins" / f"{project.name}.git"
        git(folder, "clone", "--quiet", "--bare", str(project), str(bare))
        git(project, "remote", "add", "origin", str(bare))
    return folder


def apply_edit(project: Path) -> Path:
    """Apply and commit the edit of `EDITS` for a project's name."""
    if edit := EDITS[project.name]:
        name, old, new = edit
        text = (project / name).read_text("utf-8")
        (project / name).write_text(text.replace(old, new), "utf-8")
        commit(project, "Mine")
    return project


def file_at(project: Path, ref: str, name: str) -> str:
    """Return the content of a file at a commit."""
    return git(project, "show", f"{ref}:{name}")
