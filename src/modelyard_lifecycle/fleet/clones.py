"""Repositories that are elsewhere, cloned to stay."""

from collections import defaultdict
from pathlib import Path

from ..errors import Fault
from ..git import complaint, run
from ..template import address
from .sources import Source, clone


def refuse_no_place(found: list[Source], into: Path | None) -> None:
    """See that each address has a folder of its own to be cloned into.

    Raises:
        Fault: no folder is named, or two addresses would need the same one.
    """
    named = defaultdict(list)
    for source in found:
        if not source.folder:
            named[source.name].append(source.address)
    if named and into is None:
        first = next(iter(named.values()))[0]
        raise Fault(f"{first} is an address; say where clones go: --into FOLDER")
    for name, addresses in named.items():
        if len(addresses) > 1:
            both = " and ".join(addresses)
            raise Fault(f"{both} would both be cloned into {name}; take them in two runs")


def at_hand(source: Source, into: Path | None) -> Path:
    """Return a repository's folder; what is elsewhere is cloned, or its clone brought up to date.

    Raises:
        Fault: it cannot be cloned or brought up to date, or something else is in its place.
    """
    if source.folder or into is None:
        return source.folder or Path(source.name)
    folder = into.resolve() / source.name
    if not folder.exists():
        return clone(source, folder)
    origin = run("config", "--get", "remote.origin.url", folder=folder).stdout.decode().strip()
    if not (folder / ".git").exists() or origin != address(source.address):
        raise Fault(f"{folder} is there and is no clone of {source.address}")
    done = run("pull", "--quiet", "--ff-only", folder=folder)
    if done.returncode:
        raise Fault(f"the clone {folder} cannot be brought up to date: {complaint(done)}")
    return folder
