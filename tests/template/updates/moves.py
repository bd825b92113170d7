"""What the template renamed and dropped, and what the changelog says of it."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from tests.checkout import ROOT, TEMPLATE, below, git

NOTED = re.compile(r"(?m)^- \*\*(?:Renamed|Dropped)\*\* `([^`]+)`")


def emitted(commit: str = "") -> set[str]:
    """Return the template's files at a commit, or on disk, as a project has them."""
    if commit:
        there = git(ROOT, "ls-tree", "-r", "-z", "--name-only", commit, "template").split("\0")
        names = [name.removeprefix("template/") for name in there if name]
    else:
        names = [file.relative_to(TEMPLATE).as_posix() for file in below(TEMPLATE)]
    return {_named(name) for name in names}


def _named(name: str) -> str:
    return name.removesuffix(".jinja").replace("{{ package_name }}", "<package>")


def unnoted(gone: Iterable[str], changelog: str) -> list[str]:
    """Return the gone files that no line of the changelog names, where `*` stands for anything.

    The runtime's own files need no line: nobody edits them.
    """
    patterns = NOTED.findall(changelog)
    shared = (name for name in gone if not name.startswith("src/modelyard/"))
    return sorted(
        name for name in shared if not any(fnmatchcase(name, pattern) for pattern in patterns)
    )
