"""The releases of a template."""

import re
from pathlib import Path

from packaging.version import InvalidVersion, Version

from .errors import UserError
from .git import error_message, run

SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}
RELEASE = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
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
    return _only_releases(versions(source), source)


def releases_until(source: str, version: str | None, since: str) -> list[str]:
    """Return the releases of a template up to a version, which is the last and may be none.

    Args:
        source: the template's recorded source.
        version: a tag of the template; None for its newest release.
        since: the recorded version; a version must not be older.

    Raises:
        UserError: the template cannot be reached, or the version is not one of the allowed tags.
    """
    known = versions(source)
    found = _only_releases(known, source)
    if version is None:
        return found
    ours = _parsed(since)
    allowed = [one for one in known if ours is None or Version(one) >= ours]
    if version not in allowed:
        listed = ", ".join(allowed) or "none"
        raise UserError(
            f"--version is {version!r}, must be a version of the template {source} that is not "
            f"older than the project's {since}: {listed}"
        )
    return [one for one in found if Version(one) < Version(version)] + [version]


def versions(source: str) -> list[str]:
    """Return the tags of a template that are versions, pre-releases included, oldest first.

    Raises:
        UserError: the template cannot be reached.
    """
    listed = run("ls-remote", "--tags", "--refs", "--", address(source))
    if listed.returncode:
        hint = _hint(source)
        raise UserError(f"the template {source} cannot be reached: {error_message(listed)}{hint}")
    lines = listed.stdout.decode(errors="replace").splitlines()
    names = [line.split("refs/tags/", 1)[1] for line in lines]
    found = {name: version for name in names if (version := _parsed(name))}
    return sorted(found, key=lambda name: found[name])


def _only_releases(known: list[str], source: str) -> list[str]:
    found = [name for name in known if RELEASE.fullmatch(name)]
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
    ours = _parsed(version)
    return None if ours is None else sum(Version(one) > ours for one in known)


def _parsed(version: str) -> Version | None:
    """Return a recorded version or a tag as a number; None for a bare commit or another name."""
    try:
        return Version(_tag_of(version))
    except InvalidVersion:
        return None


def _tag_of(version: str) -> str:
    """Return the tag in a description such as `v1.2.3-4-gabcdef0`."""
    described = DESCRIBED.fullmatch(version)
    return described[1] if described else version


def _hint(source: str) -> str:
    if ":" in source or source.startswith(("/", "~")) or Path(source).is_absolute():
        return ""
    return "; a relative _src_path is resolved from the current folder, use an absolute path"
