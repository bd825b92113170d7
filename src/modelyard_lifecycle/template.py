"""The releases of a template and their changelog."""

import re
from pathlib import Path

from packaging.version import InvalidVersion, Version

from .errors import UserError
from .git import error_message, git, run

SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}
RELEASE = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
# Changelog lines about renamed and dropped files; they are shown first.
MOVES = re.compile(r"- \*\*(Renamed|Dropped)\*\* ")
DESCRIBED = re.compile(r"(.+)-\d+-g[0-9a-f]+")


def address(source: str) -> str:
    """Return the URL or path that git can open for a template's recorded source."""
    source = source.removeprefix("git+")
    for short, long in SHORT.items():
        if source.startswith(short):
            return f"{long}{source.removeprefix(short)}"
    return str(Path(source).expanduser()) if source.startswith("~") else source


def releases(source: str) -> list[str]:
    """Return the tags vX.Y.Z of a template, oldest first.

    Raises:
        UserError: the template cannot be reached or has no such tag.
    """
    listed = run("ls-remote", "--tags", "--refs", "--", address(source))
    if listed.returncode:
        hint = _hint(source)
        raise UserError(f"the template {source} cannot be reached: {error_message(listed)}{hint}")
    names = [line.split("refs/tags/", 1)[1] for line in listed.stdout.decode().splitlines()]
    found = sorted((name for name in names if RELEASE.fullmatch(name)), key=Version)
    if not found:
        raise UserError(f"the template {source} has no release; tag one, such as v1.2.3")
    return found


def is_behind(version: str, known: list[str], source: str) -> bool:
    """Return whether a recorded version is older than the newest release.

    Raises:
        UserError: the template does not have that version.
    """
    base = _tag_of(version)
    if RELEASE.fullmatch(base) and base not in known:
        raise UserError(f"the template {source} has no version {base}; its newest is {known[-1]}")
    return count_newer(version, known) != 0


def count_newer(version: str, known: list[str]) -> int | None:
    """Return how many releases are newer than a version, which may be a pre-release.

    None for a bare commit, which cannot be ordered among the releases.
    """
    try:
        ours = Version(_tag_of(version))
    except InvalidVersion:
        return None
    return sum(Version(one) > ours for one in known)


def _tag_of(version: str) -> str:
    """Return the tag in a description such as `v1.2.3-4-gabcdef0`."""
    described = DESCRIBED.fullmatch(version)
    return described[1] if described else version


def changelog(source: str, version: str, since: str, folder: Path) -> list[str]:
    """Return the changelog lines added between two versions, renamed and dropped files first.

    Args:
        source: the template's recorded source.
        version: the newer version.
        since: the recorded version.
        folder: an empty folder to clone the template into.
    """
    git("clone", "--quiet", "--bare", "--", address(source), str(folder))
    new = run("show", f"{version}:CHANGELOG.md", folder=folder).stdout.decode(errors="replace")
    old = run("show", f"{since}:CHANGELOG.md", folder=folder).stdout.decode(errors="replace")
    known = set(old.splitlines())
    added = [line for line in new.splitlines() if line.strip() and line not in known]
    return sorted(added, key=lambda line: MOVES.match(line) is None)


def _hint(source: str) -> str:
    if ":" in source or source.startswith(("/", "~")) or Path(source).is_absolute():
        return ""
    return "; a relative _src_path is resolved from the current folder, use an absolute path"
