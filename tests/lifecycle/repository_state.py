"""A snapshot of a repository: its files, HEAD, index, branches, settings and worktrees."""

from pathlib import Path

from tests.checkout import git

# Git leaves objects, logs and an empty packed-refs behind after it removed a branch.
IGNORED = (".git/objects/", ".git/logs/", ".git/packed-refs")


def state(project: Path) -> dict[str, bytes]:
    """Return the bytes of each file by path, git's own files included except `IGNORED`."""
    found = {path.relative_to(project).as_posix(): path for path in project.rglob("*")}
    kept = {
        name: path.read_bytes()
        for name, path in found.items()
        if path.is_file() and not name.startswith(IGNORED)
    }
    if (project / ".git").exists():
        kept["worktrees"] = git(project, "worktree", "list").encode()
        kept["branches and tags"] = git(project, "for-each-ref").encode()
    return kept
