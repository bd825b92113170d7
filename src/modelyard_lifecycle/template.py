"""A template: its released versions and what its changelog says of them."""

import re
from pathlib import Path

from .errors import Fault
from .git import complaint, git, run

SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}
RELEASE = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
# A changelog's lines about files that moved or went: what a user must know first.
MOVES = re.compile(r"- \*\*(Renamed|Dropped)\*\* ")
DESCRIBED = re.compile(r"(.+)-\d+-g[0-9a-f]+")


def address(source: str) -> str:
    """Return what git can open for a template's recorded source."""
    source = source.removeprefix("git+")
    for short, long in SHORT.items():
        if source.startswith(short):
            return f"{long}{source.removeprefix(short)}"
    return str(Path(source).expanduser()) if source.startswith("~") else source


def releases(source: str) -> list[str]:
    """Return the tags vX.Y.Z of a template, oldest first.

    Raises:
        Fault: the template cannot be reached or has no such tag.
    """
    asked = run("ls-remote", "--tags", "--refs", "--", address(source))
    if asked.returncode:
        hint = _hint(source)
        raise Fault(f"the template {source} cannot be reached: {complaint(asked)}{hint}")
    names = [line.split("refs/tags/", 1)[1] for line in asked.stdout.decode().splitlines()]
    found = sorted((name for name in names if RELEASE.fullmatch(name)), key=_number)
    if not found:
        raise Fault(f"the template {source} has no release; a tag of the form v1.2.3 makes one")
    return found


def is_behind(version: str, known: list[str], source: str) -> bool:
    """Tell whether a recorded version is older than the newest release.

    Raises:
        Fault: the version is a release that the template no longer has.
    """
    described = DESCRIBED.fullmatch(version)
    base = described[1] if described else version
    if RELEASE.fullmatch(base) is None:
        return True  # a bare commit has no place among the releases
    if base not in known:
        raise Fault(f"version {base} has vanished from the template {source}; it has {known[-1]}")
    return _number(base) < _number(known[-1])


def newer(version: str, known: list[str]) -> int | None:
    """Return how many releases are newer than a version; None for a bare commit."""
    described = DESCRIBED.fullmatch(version)
    base = described[1] if described else version
    return len(known) - 1 - known.index(base) if base in known else None


def changelog(source: str, version: str, since: str, folder: Path) -> list[str]:
    """Return the lines that a version's changelog has and an older version's has not.

    What the template has renamed and dropped stands first.

    Args:
        source: the template's recorded source.
        version: a release of it.
        since: the recorded version.
        folder: an empty folder that the template is fetched into.
    """
    git("clone", "--quiet", "--bare", "--", address(source), str(folder))
    new = run("show", f"{version}:CHANGELOG.md", folder=folder).stdout.decode(errors="replace")
    old = run("show", f"{since}:CHANGELOG.md", folder=folder).stdout.decode(errors="replace")
    known = set(old.splitlines())
    fresh = [line for line in new.splitlines() if line.strip() and line not in known]
    return sorted(fresh, key=lambda line: MOVES.match(line) is None)


def _hint(source: str) -> str:
    if ":" in source or source.startswith(("/", "~")) or Path(source).is_absolute():
        return ""
    return "; a relative _src_path counts from the folder that you are in, write the whole path"


def _number(tag: str) -> tuple[int, ...]:
    return tuple(int(part) for part in tag.removeprefix("v").split("."))
