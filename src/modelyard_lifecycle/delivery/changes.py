"""What changed between two versions: data, model or code."""

import re
from pathlib import Path

from ..git import git
from .history import Version

# The first that matches a path decides; other paths, such as documentation, are no change.
KINDS = {
    "data": re.compile(r"data/.*|src/[^/]+/data/.*"),
    "model": re.compile(
        r"params\.yaml|dvc\.yaml|src/(?!modelyard/)[^/]+/(schema\.py|(features|models)/.*)"
    ),
    "code": re.compile(r"(src|scripts|deployment)/.*|pyproject\.toml|uv\.lock|runtime\.json"),
}


def changed_kinds(folder: Path, old: Version | None, new: Version) -> frozenset[str]:
    """Return the kinds of changes since the version before; all if there is none.

    The data changed if the manifests name other rows, or files in `data/` or the code that reads
    them changed.
    """
    if old is None:
        return frozenset(KINDS)
    text = git("diff", "--name-only", "--relative", old.commit, new.commit, folder=folder)
    kinds = {kind_of(path) for path in text.decode("utf-8", "replace").splitlines()} - {""}
    return frozenset(kinds | ({"data"} if rows(old) != rows(new) else set()))


def kind_of(path: str) -> str:
    """Return the kind of a changed path; empty for documentation, tests and results."""
    return next((kind for kind, pattern in KINDS.items() if pattern.fullmatch(path)), "")


def rows(version: Version) -> object:
    """Return the hash of a version's raw rows."""
    return version.manifest.get("data", {}).get("rows")
