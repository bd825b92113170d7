"""A repository byte for byte: its files, HEAD, index, branches, settings and working trees."""

from pathlib import Path

from tests.checkout import git

# Git leaves objects and logs, and an empty list of packed branches, where it took one back.
PASSING = (".git/objects/", ".git/logs/", ".git/packed-refs")


def state(project: Path) -> dict[str, bytes]:
    """Return each file's bytes by its path, git's own included, but for what passes."""
    found = {path.relative_to(project).as_posix(): path for path in project.rglob("*")}
    kept = {
        name: path.read_bytes()
        for name, path in found.items()
        if path.is_file() and not name.startswith(PASSING)
    }
    if (project / ".git").exists():
        kept["worktrees"] = git(project, "worktree", "list").encode()
        kept["branches and tags"] = git(project, "for-each-ref").encode()
    return kept
