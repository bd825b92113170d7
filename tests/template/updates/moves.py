"""Renamed and dropped template files, compared with the changelog."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from tests.checkout import ROOT, TEMPLATE, below, git

NOTED = re.compile(r"(?m)^- \*\*(?:Renamed|Dropped)\*\* `([^`]+)`")


def rendered_paths(commit: str = "") -> set[str]:
    """Return the paths in a project of the template's files at a commit, or on disk."""
    if commit:
        there = git(ROOT, "ls-tree", "-r", "-z", "--name-only", commit, "template").split("\0")
        names = [name.removeprefix("template/") for name in there if name]
    else:
        names = [file.relative_to(TEMPLATE).as_posix() for file in below(TEMPLATE)]
    return {_path_in_project(name) for name in names}


def _path_in_project(name: str) -> str:
    return name.removesuffix(".jinja").replace("{{ package_name }}", "<package>")


def not_in_changelog(removed: Iterable[str], changelog: str) -> list[str]:
    """Return the removed files that the changelog does not list; `*` matches anything.

    The runtime's files need no entry, since users do not edit them.
    """
    patterns = NOTED.findall(changelog)
    shared = (name for name in removed if not name.startswith("src/modelyard/"))
    return sorted(
        name for name in shared if not any(fnmatchcase(name, pattern) for pattern in patterns)
    )
