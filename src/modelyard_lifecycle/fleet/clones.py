"""Persistent clones of remote repositories."""

from collections import defaultdict
from pathlib import Path

from ..errors import UserError
from ..git import error_message, run
from ..template import address
from .sources import Source, clone


def refuse_missing_clone_folder(found: list[Source], into: Path | None) -> None:
    """Check that each URL can be cloned into its own folder.

    Raises:
        UserError: no folder is given, or two URLs would use the same one.
    """
    named = defaultdict(list)
    for source in found:
        if not source.folder:
            named[source.name].append(source.address)
    if named and into is None:
        first = next(iter(named.values()))[0]
        raise UserError(f"{first} is a URL; choose a folder for clones: --into FOLDER")
    for name, addresses in named.items():
        if len(addresses) > 1:
            both = " and ".join(addresses)
            raise UserError(f"{both} would both be cloned into {name}; update them in two runs")


def local_clone(source: Source, into: Path | None) -> Path:
    """Return a repository's folder; clone a remote one, or pull its existing clone.

    Raises:
        UserError: cloning or pulling fails, or the folder is not a clone of that URL.
    """
    if source.folder or into is None:
        return source.folder or Path(source.name)
    folder = into.resolve() / source.name
    if not folder.exists():
        return clone(source, folder)
    origin = run("config", "--get", "remote.origin.url", folder=folder).stdout.decode().strip()
    if not (folder / ".git").exists() or origin != address(source.address):
        raise UserError(f"{folder} exists but is not a clone of {source.address}")
    done = run("pull", "--quiet", "--ff-only", folder=folder)
    if done.returncode:
        raise UserError(f"the clone {folder} cannot be updated: {error_message(done)}")
    return folder
