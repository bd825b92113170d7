"""Where the projects are: folders, folders of projects, globs, lists of addresses to clone."""

from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from ..errors import Fault
from ..git import complaint, run
from ..template import address


@dataclass(frozen=True)
class Source:
    """A repository to be looked at: its name, and a folder or an address to clone it from."""

    name: str
    folder: Path | None
    address: str = ""


def sources(words: list[str]) -> list[Source]:
    """Return the repositories that the words of a command line stand for, each once.

    A word is a repository's folder, a folder of repositories, a glob of either, or a text file with
    an address or a folder on each line.

    Raises:
        Fault: a word stands for nothing.
    """
    found: dict[str, Source] = {}
    for word in words:
        meant = list(_of(word))
        if not meant:
            raise Fault(f"{word} holds no git repository and is no list of them")
        for source in meant:
            found.setdefault(str(source.folder or source.address), source)
    return list(found.values())


def fetched(source: Source, scratch: Path) -> Path:
    """Return a repository's folder; what is elsewhere is cloned into a new one.

    Raises:
        Fault: it cannot be cloned.
    """
    return source.folder or clone(source, scratch, "--depth", "1")


def clone(source: Source, folder: Path, *options: str) -> Path:
    """Clone what is elsewhere into a new folder and return that.

    Raises:
        Fault: it cannot be cloned.
    """
    done = run("clone", "--quiet", *options, "--", address(source.address), str(folder))
    if done.returncode:
        raise Fault(f"{source.address} cannot be cloned: {complaint(done)}")
    return folder


def _of(word: str) -> Iterator[Source]:
    path = Path(word).expanduser()
    if path.is_file():
        yield from _listed(path)
    elif path.is_dir():
        yield from _inside(path)
    elif any(sign in word for sign in "*?["):
        for name in sorted(glob(str(path))):
            if Path(name).is_dir():
                yield from _inside(Path(name))
    elif "://" in word or word.endswith(".git"):
        yield _named(word)


def _inside(folder: Path) -> Iterator[Source]:
    if (folder / ".git").exists():
        yield Source(folder.resolve().name, folder.resolve())
        return
    for child in sorted(folder.iterdir()):
        if (child / ".git").exists():
            yield Source(child.name, child.resolve())


def _listed(file: Path) -> Iterator[Source]:
    for line in file.read_text("utf-8").splitlines():
        word = line.split("#", 1)[0].strip()
        if word and (file.parent / word).expanduser().is_dir():
            yield from _inside((file.parent / word).expanduser())
        elif word:
            yield _named(word)


def _named(word: str) -> Source:
    return Source(word.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git"), None, word)
