"""One clone of each remote template for all processes of a command.

Copier keeps a clone of its own for each user; processes that use it at the same time disturb each
other, and each of them fetches the template anew for each render.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from copier._vcs import _is_remote, get_repo

from ..git import run
from ..git_environment import replace_addresses

Mirrors = Mapping[str, str]


@contextmanager
def mirrors_of(templates: Iterable[str]) -> Iterator[Mirrors]:
    """Clone each remote template during a `with` block; yield the clones' folders by address.

    A template that cannot be cloned has none; a render reports the reason. Neither has one whose
    address does not end with .git, as git replaces the beginnings of addresses.
    """
    with TemporaryDirectory(prefix="modelyard-", ignore_cleanup_errors=True) as name:
        addresses = {get_repo(template) or "" for template in templates}
        found = {}
        for number, address in enumerate(sorted(addresses)):
            folder = Path(name) / f"{number}.git"
            clone = ("clone", "--quiet", "--bare", "--", address, str(folder))
            if address.endswith(".git") and _is_remote(address) and not run(*clone).returncode:
                found[address] = str(folder)
        yield found


def use_mirrors(mirrors: Mirrors) -> None:
    """Let Copier use the clones in this process, with a cache of its own next to them."""
    if mirrors:
        os.environ["COPIER_CACHE_DIR"] = mkdtemp(dir=Path(next(iter(mirrors.values()))).parent)
        replace_addresses(mirrors)
