"""Compare files as git stores them: after line ends and filters such as LFS."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from .git import git

POINTER = b"version https://git-lfs.github.com/spec/"


def as_stored(
    project: Path, mine: Mapping[str, bytes], *others: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return a project's files with the contents that git would store of them.

    A file that git would store like one of the other sides gets that side's content, so that it is
    equal to it. A file that only has other line ends gets those that git would store.

    Args:
        project: the project's folder.
        mine: the contents of regular files in it, by path.
        others: the sides to compare them with, contents by path.

    Raises:
        UserError: git or a filter fails.
    """
    names = [name for name in mine if "\n" not in name and name[0] != '"']  # git reads lines
    # git reads these paths from the top of the repository, whatever folder it runs in
    prefix = git("rev-parse", "--show-prefix", folder=project).removesuffix(b"\n")
    listed = b"".join(prefix + os.fsencode(name) + b"\n" for name in names)
    shas = git("hash-object", "--stdin-paths", folder=project, stdin=listed).decode().split()
    filtered = filtered_paths(project, names)
    found = dict(mine)
    for name, sha in zip(names, shas, strict=True):
        sides = [side[name] for side in others if name in side]
        alike = [one for one in sides if _blob(one, sha) == sha or is_pointer(mine[name], to=one)]
        if not alike and name in filtered:
            alike = [one for one in sides if _after_filters(project, name, one) == sha]
        other_line_ends = mine[name].replace(b"\r\n", b"\n")
        if not alike and _blob(other_line_ends, sha) == sha:
            alike = [other_line_ends]
        found[name] = alike[0] if alike else mine[name]
    return found


def is_pointer(content: bytes, to: bytes | None = None) -> bool:
    """Whether a content is a pointer of Git LFS, to a certain content if one is given."""
    digest = b"" if to is None else hashlib.sha256(to).hexdigest().encode()
    return content.startswith(POINTER) and digest in content


def _blob(content: bytes, like: str) -> str:
    """Return git's hash of a content without filters, by the algorithm of another hash."""
    algorithm = hashlib.sha1 if len(like) == 40 else hashlib.sha256
    return algorithm(b"blob %d\0" % len(content) + content).hexdigest()


def filtered_paths(project: Path, names: Iterable[str]) -> set[str]:
    """Return the paths with an attribute `filter`, such as those of LFS."""
    listed = b"".join(os.fsencode(name) + b"\0" for name in names)
    output = git("check-attr", "-z", "--stdin", "filter", folder=project, stdin=listed)
    fields = os.fsdecode(output).split("\0")
    values = dict(zip(fields[::3], fields[2::3], strict=False))
    return {name for name, value in values.items() if value not in ("unspecified", "unset")}


def _after_filters(project: Path, name: str, content: bytes) -> str:
    """Return git's hash of a content at a path of the project."""
    words = ("hash-object", "--stdin", f"--path={name}")
    return git(*words, folder=project, stdin=content).decode().strip()
