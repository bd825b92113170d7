"""Find repositories: folders, folders of repositories, globs, lists of URLs to clone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from ..errors import UserError
from ..git import error_message, run
from ..project import project_folders
from ..template import address


@dataclass(frozen=True)
class Source:
    """A repository: its name, and its folder or the URL to clone it from."""

    name: str
    folder: Path | None
    address: str = ""


def find_sources(arguments: list[str]) -> list[Source]:
    """Return the repositories that the command's arguments refer to, each once.

    An argument is a repository's folder or a project's folder in it, a folder of repositories, a
    glob of these, or a text file with one URL or folder per line.

    Raises:
        UserError: an argument refers to no repository.
    """
    found: dict[str, Source] = {}
    for argument in arguments:
        matches = list(_expand(argument))
        if not matches:
            raise UserError(f"{argument} contains no git repository and is not a list of them")
        for source in matches:
            found.setdefault(str(source.folder or source.address), source)
    return list(found.values())


def fetch(source: Source, scratch: Path) -> Path:
    """Return a repository's folder; clone a remote one into a new folder.

    Raises:
        UserError: cloning fails.
    """
    return source.folder or clone(source, scratch, "--filter=blob:none", "--single-branch")


def clone(source: Source, folder: Path, *options: str) -> Path:
    """Clone a remote repository into a new folder and return the folder.

    Raises:
        UserError: cloning fails.
    """
    done = run("clone", "--quiet", *options, "--", address(source.address), str(folder))
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)  # git leaves it if it was killed after a timeout
        raise UserError(f"{source.address} cannot be cloned: {error_message(done)}")
    return folder


def _expand(word: str) -> Iterator[Source]:
    path = Path(word).expanduser()
    if path.is_file():
        yield from _from_list(path)
    elif path.is_dir():
        yield from _in_folder(path)
    elif any(sign in word for sign in "*?["):
        for name in sorted(glob(str(path))):
            if Path(name).is_dir():
                yield from _in_folder(Path(name))
    elif "://" in word or word.endswith(".git"):
        yield _from_url(word)


def _in_folder(folder: Path) -> Iterator[Source]:
    if (folder / ".git").exists():
        yield Source(folder.resolve().name, folder.resolve())
        return
    children = [child for child in sorted(folder.iterdir()) if (child / ".git").exists()]
    if not children and project_folders(folder):
        yield Source(folder.resolve().name, folder.resolve())
    for child in children:
        yield Source(child.name, child.resolve())


def _from_list(file: Path) -> Iterator[Source]:
    for line in file.read_text("utf-8").splitlines():
        word = line.split("#", 1)[0].strip()
        if word and (file.parent / word).expanduser().is_dir():
            yield from _in_folder((file.parent / word).expanduser())
        elif word:
            yield _from_url(word)


def _from_url(word: str) -> Source:
    return Source(word.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git"), None, word)
